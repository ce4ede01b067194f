extension ConfigurationKey {
  static let authMode = ConfigurationKey(
    .auth, "auth", \.auth.mode, "Whether clients must authenticate; none is allowed on loopback addresses only")
}

extension ListenAddress {
  /// Whether one of the two may find the other's port taken.
  ///
  /// What `localhost` stands for is the machine's choice, so that it counts as 127.0.0.1 and as `::1`.
  func overlaps(_ other: ListenAddress) -> Bool {
    guard port == other.port else { return false }
    return ipv6Forms.contains { form in
      other.ipv6Forms.contains { form == $0 || Self.covers(form, $0) || Self.covers($0, form) }
    }
  }

  /// The host's addresses, those of IPv4 mapped into IPv6.
  private var ipv6Forms: [[UInt8]] {
    if let bytes = Self.ipv4Bytes(host) { return [Self.mappedPrefix + bytes] }
    if let bytes = Self.ipv6Bytes(host) { return [bytes] }
    return [Self.mappedPrefix + [127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1]]
  }

  /// Whether the first is a wildcard that the second falls under: `::` for all, 0.0.0.0 for IPv4.
  private static func covers(_ wildcard: [UInt8], _ address: [UInt8]) -> Bool {
    if wildcard.allSatisfy({ $0 == 0 }) { return true }
    return wildcard == mappedPrefix + [0, 0, 0, 0] && address.starts(with: mappedPrefix)
  }

  /// What goes before the four bytes of an IPv4-mapped address. (RFC 4291 §2.5.5.2)
  static var mappedPrefix: [UInt8] { [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] }
}

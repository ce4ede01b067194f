/// An address to listen on, or `off`.
extension Optional: ConfigurationValue where Wrapped == ListenAddress {
  static var allowed: String { "off, or \(ListenAddress.allowed)" }
  static var placeholder: String { ListenAddress.placeholder }

  init?(configurationText text: String) {
    if text == "off" {
      self = .none
    } else if let address = ListenAddress(configurationText: text) {
      self = .some(address)
    } else {
      return nil
    }
  }

  var configurationText: String { map(\.configurationText) ?? "off" }
}

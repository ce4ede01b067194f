/// Where a hub listens for MQTT: `HOST`, `HOST:PORT`, `[IPv6]:PORT`.
public struct HubAddress: Sendable, Equatable, CustomStringConvertible {
  /// A name or an address, IPv6 without brackets.
  public var host: String
  /// The MQTT port.
  public var port: UInt16

  /// An address by its parts.
  public init(host: String, port: UInt16 = 1883) {
    self.host = host
    self.port = port
  }

  /// nil for what is not an address, and for port 0.
  public init?(text: String) {
    var host = text[...]
    var rest = text[text.endIndex...]
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = text[..<end].dropFirst()
      rest = text[text.index(after: end)...]
      guard host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else { return nil }
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      rest = text[colon...]
    }
    guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "[" || $0 == "]" || $0 == "/" }) else {
      return nil
    }
    self.init(host: String(host))
    guard !rest.isEmpty else { return }
    let digits = rest.dropFirst()
    guard digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = UInt16(digits), port > 0 else { return nil }
    self.port = port
  }

  /// As `init(text:)` reads it.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

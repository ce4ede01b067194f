import Glibc

/// An address to listen on: an IPv4 address, an IPv6 address or `localhost`, and a port.
///
/// Names other than `localhost` are refused: what a name resolves to can change, and the rule that an open hub listens
/// on loopback only must be decided from the address itself.
struct ListenAddress: Sendable, Equatable {
  /// The address in its text form, an IPv6 address without brackets.
  let host: String

  /// The port; 0 lets the kernel choose one.
  let port: Int

  /// Whether only this machine can reach the address: 127.0.0.0/8, `::1`, or the former mapped into IPv6.
  var isLoopback: Bool {
    if let bytes = Self.ipv4Bytes(host) { return bytes.first == 127 }
    guard let bytes = Self.ipv6Bytes(host) else { return host == "localhost" }
    if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes.last == 1 }
    return bytes.starts(with: Self.mappedPrefix + [127])
  }

  static func isIPv6(_ host: String) -> Bool { ipv6Bytes(host) != nil }

  static func ipv4Bytes(_ host: String) -> [UInt8]? {
    var address = in_addr()
    guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
    return withUnsafeBytes(of: address) { Array($0) }
  }

  static func ipv6Bytes(_ host: String) -> [UInt8]? {
    var address = in6_addr()
    guard inet_pton(AF_INET6, host, &address) == 1 else { return nil }
    return withUnsafeBytes(of: address) { Array($0) }
  }
}

extension ListenAddress: ConfigurationValue {
  static var allowed: String {
    "HOST:PORT, HOST being an IPv4 address, an IPv6 address in brackets or localhost, PORT 0 (any free one) to 65535"
  }
  static var placeholder: String { "HOST:PORT" }

  init?(configurationText text: String) {
    guard !text.utf8.contains(0), let colon = text.lastIndex(of: ":") else { return nil }
    let hostText = text[..<colon]
    guard let port = Int(configurationText: String(text[text.index(after: colon)...])), (0...65_535).contains(port)
    else { return nil }
    if hostText.first == "[" {
      guard hostText.last == "]" else { return nil }
      let host = String(hostText.dropFirst().dropLast())
      guard Self.isIPv6(host) else { return nil }
      self.init(host: host, port: port)
    } else {
      let host = String(hostText)
      guard host == "localhost" || Self.ipv4Bytes(host) != nil else { return nil }
      self.init(host: host, port: port)
    }
  }

  var configurationText: String { Self.isIPv6(host) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension ListenAddress: CustomStringConvertible {
  var description: String { configurationText }
}

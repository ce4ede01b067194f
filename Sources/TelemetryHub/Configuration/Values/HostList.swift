/// Host names, as they stand in the `Host` and `Origin` headers of HTTP requests.
struct HostList: Sendable, Equatable {
  /// Lower-case names without port, in the order given.
  let hosts: [String]

  init(_ hosts: [String]) { self.hosts = hosts }

  /// The most names a list can hold.
  static let maximumCount = 64
}

extension HostList: ConfigurationValue {
  static var allowed: String { "host names without scheme or port, at most \(maximumCount), parted by commas" }
  static var placeholder: String { "HOSTS" }

  /// Reads names parted by commas; an empty text is an empty list.
  init?(configurationText text: String) {
    guard !text.allSatisfy({ $0 == " " }) else {
      self.init([])
      return
    }
    var hosts: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.drop { $0 == " " }.lowercased()
      let host = name.prefix { $0 != " " }
      guard name.dropFirst(host.count).allSatisfy({ $0 == " " }), Self.isHostName(host) else { return nil }
      hosts.append(String(host))
    }
    guard hosts.count <= Self.maximumCount else { return nil }
    self.init(hosts)
  }

  var configurationText: String { hosts.joined(separator: ",") }

  var tomlText: String { "[" + hosts.map(quoted).joined(separator: ", ") + "]" }

  /// A DNS name or an address; an IPv6 address in brackets, as in a URL. (RFC 3986 §3.2.2)
  private static func isHostName(_ name: Substring) -> Bool {
    guard (1...253).contains(name.utf8.count) else { return false }
    if name.first == "[" {
      guard name.last == "]" else { return false }
      return ListenAddress.isIPv6(String(name.dropFirst().dropLast()))
    }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
  }
}

/// Origins as browsers write them in the `Origin` header: `https://panel.example:8443`, or `null`. (RFC 6454 §6.2)
struct OriginList: Sendable, Equatable {
  /// In lower case, in the order given.
  let origins: [String]

  init(_ origins: [String]) { self.origins = origins }

  /// The most origins a list can hold.
  static let maximumCount = 64
}

extension OriginList: ConfigurationValue {
  static var allowed: String {
    "origins such as https://panel.example:8443, or null, at most \(maximumCount), parted by commas"
  }
  static var placeholder: String { "ORIGINS" }

  /// Reads origins parted by commas; an empty text is an empty list.
  init?(configurationText text: String) {
    guard !text.allSatisfy({ $0 == " " }) else {
      self.init([])
      return
    }
    var origins: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let trimmed = part.drop { $0 == " " }.lowercased()
      let origin = trimmed.prefix { $0 != " " }
      guard trimmed.dropFirst(origin.count).allSatisfy({ $0 == " " }), origin == "null" || Self.isOrigin(origin)
      else { return nil }
      origins.append(String(origin))
    }
    guard origins.count <= Self.maximumCount else { return nil }
    self.init(origins)
  }

  var configurationText: String { origins.joined(separator: ",") }

  var tomlText: String { "[" + origins.map(quoted).joined(separator: ", ") + "]" }

  /// Scheme, host and perhaps a port; a path, which an origin never has, is refused and not silently without effect.
  private static func isOrigin(_ text: Substring) -> Bool {
    guard text.utf8.count <= 320, let mark = text.firstRange(of: "://") else { return false }
    let scheme = text[..<mark.lowerBound].utf8
    guard let first = scheme.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
      scheme.allSatisfy(isSchemeByte)
    else { return false }
    let authority = text[mark.upperBound...]
    let isHostAlone = HostList(configurationText: String(authority))?.hosts.count == 1
    guard !isHostAlone else { return true }
    guard let colon = authority.lastIndex(of: ":"),
      let port = Int(configurationText: String(authority[authority.index(after: colon)...])),
      (1...65_535).contains(port)
    else { return false }
    return HostList(configurationText: String(authority[..<colon]))?.hosts.count == 1
  }

  /// RFC 3986 §3.1, in lower case.
  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }
}

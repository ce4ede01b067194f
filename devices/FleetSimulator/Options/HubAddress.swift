import ArgumentParser

/// `HOST:PORT`, `[IPv6]:PORT`, or a host alone for port 1883.
struct HubAddress: ExpressibleByArgument, Sendable, Equatable {
  let host: String
  let port: Int

  init?(argument: String) {
    guard let parts = Self.split(argument), !parts.host.isEmpty else { return nil }
    guard let digits = parts.port else {
      self.init(host: parts.host, port: 1883)
      return
    }
    guard let port = UInt16(digits), port > 0 else { return nil }
    self.init(host: parts.host, port: Int(port))
  }

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  private static func split(_ text: String) -> (host: String, port: String?)? {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      if rest.isEmpty { return (host, nil) }
      return rest.hasPrefix(":") ? (host, String(rest.dropFirst())) : nil
    }
    guard let colon = text.lastIndex(of: ":") else { return (text, nil) }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }
}

extension HubAddress: CustomStringConvertible {
  var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

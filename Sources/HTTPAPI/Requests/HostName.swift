/// The host of an authority or origin, for telling who a request was meant for.
enum HostName {
  /// `host` of `host`, `host:port`, `[v6]:port`, in lower case, without brackets and final dot; nil where it is none.
  static func host(ofAuthority authority: some StringProtocol) -> String? {
    let text = authority.lowercased()
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      guard isPort(text[text.index(after: end)...]) else { return nil }
      return String(text[text.index(after: text.startIndex)..<end])
    }
    let end = text.firstIndex(of: ":") ?? text.endIndex
    guard isPort(text[end...]) else { return nil }
    var host = text[..<end]
    if host.last == "." { host.removeLast() }
    return host.isEmpty ? nil : String(host)
  }

  /// The authority of an `Origin` header's value: `http://host:port`; nil for `null` and anything else.
  static func authority(ofOrigin origin: String) -> Substring? {
    let text = origin[...]
    for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
      let authority = text.dropFirst(scheme.count)
      return authority.isEmpty || authority.contains("/") || authority.contains("@") ? nil : authority
    }
    return nil
  }

  /// A name or address that can only be this machine: `localhost`, `*.localhost` (RFC 6761 §6.3), 127.0.0.0/8, `::1`.
  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    guard octets.count == 4, octets[0] == "127" else { return false }
    return octets.allSatisfy { octet in
      octet.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } && UInt8(octet) != nil
    }
  }

  private static func isPort(_ text: Substring) -> Bool {
    guard let colon = text.first else { return true }
    let digits = text.dropFirst().utf8
    return colon == ":" && digits.count <= 5
      && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

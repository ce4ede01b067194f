import NIOHTTP1

/// Whether an HTTP request opens an MQTT connection over WebSocket. (RFC 6455 §4.2.1, MQTT 5.0 §6)
///
/// Any path will do, as with other brokers: clients are set to `/mqtt`, `/ws` or `/`.
struct WebSocketHandshake: Sendable {
  private let allowedOrigins: Set<String>

  /// - Parameter allowedOrigins: as browsers write them, e.g. `https://panel.example:8443`, or `null`.
  init(allowedOrigins: [String]) {
    self.allowedOrigins = Set(allowedOrigins.map { $0.lowercased() })
  }

  /// The subprotocol to agree on.
  func subprotocol(for head: HTTPRequestHead) throws(HTTPRefusal) -> String {
    let headers = head.headers
    guard head.method == .GET, head.version == .http1_1,
      headers.hasToken("websocket", in: "Upgrade"), headers.hasToken("upgrade", in: "Connection")
    else { throw .isNoWebSocket }
    try checkOrigin(headers)
    guard headers["Sec-WebSocket-Version"] == ["13"] else {
      throw HTTPRefusal(
        status: .upgradeRequired, text: "Only version 13 of WebSocket is spoken here.",
        headers: HTTPRefusal.isNoWebSocket.headers)
    }
    let keys = headers["Sec-WebSocket-Key"]
    guard keys.count == 1, Self.isKey(keys[0]) else {
      throw .badRequest("Sec-WebSocket-Key must be 16 bytes in base64.")
    }
    guard headers["Host"].count == 1 else { throw .badRequest("Host is missing.") }
    guard headers["Content-Length"].allSatisfy({ $0 == "0" }), headers["Transfer-Encoding"].isEmpty else {
      throw .badRequest("A handshake has no body.")
    }
    return try subprotocol(among: headers[canonicalForm: "Sec-WebSocket-Protocol"])
  }

  /// `mqtt` must be among those offered [MQTT-6.0.0-3]; clients of MQTT 3.1 call it `mqttv3.1`.
  private func subprotocol(among offered: [Substring]) throws(HTTPRefusal) -> String {
    for name in ["mqtt", "mqttv3.1"] where offered.contains(where: { $0 == name }) { return name }
    throw .badRequest("Sec-WebSocket-Protocol must offer mqtt.")
  }

  /// A page elsewhere must not reach the hub through its reader's browser, which says whose page it is in `Origin`.
  ///
  /// Clients that are no browser send none, or the address that they dial: that is no page's where it is a loopback
  /// address, and the name in Host cannot be one that was made to point here.
  private func checkOrigin(_ headers: HTTPHeaders) throws(HTTPRefusal) {
    let host = headers["Host"].first?.lowercased() ?? ""
    let own = Self.isLoopback(host) ? ["http://\(host)", "https://\(host)"] : []
    let isAllowed = headers["Origin"].allSatisfy { origin in
      let origin = origin.lowercased()
      return allowedOrigins.contains(origin) || own.contains(origin)
    }
    guard isAllowed else {
      throw HTTPRefusal(
        status: .forbidden, text: "Pages of this origin may not connect: it is not in allowed-origins of [websocket].")
    }
  }

  /// Whether a Host, its port left out, is a loopback address or `localhost`.
  private static func isLoopback(_ host: String) -> Bool {
    if host.hasPrefix("[") { return host == "[::1]" || host.hasPrefix("[::1]:") }
    let name = host.prefix { $0 != ":" }
    guard name != "localhost" else { return true }
    let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers.first == "127" && numbers.allSatisfy { UInt8($0) != nil }
  }

  /// 16 bytes in base64: 22 digits, of which the last carries two bits, and the padding.
  private static func isKey(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 24 && bytes[22...].allSatisfy { $0 == UInt8(ascii: "=") }
      && bytes[..<22].allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
          true
        default: false
        }
      }
  }
}

extension HTTPHeaders {
  fileprivate func hasToken(_ token: String, in name: String) -> Bool {
    self[canonicalForm: name].contains { $0.lowercased() == token }
  }
}

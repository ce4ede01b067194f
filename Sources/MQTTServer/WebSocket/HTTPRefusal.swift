import NIOCore
import NIOHTTP1

/// An answer to an HTTP request that opens no WebSocket connection. The connection is closed behind it.
struct HTTPRefusal: Error, Sendable, Equatable {
  let status: HTTPResponseStatus
  let text: String
  var headers: [HTTPField] = []

  struct HTTPField: Sendable, Equatable {
    let name: String
    let value: String
  }

  /// What a browser or curl gets that was pointed here.
  static let isNoWebSocket = HTTPRefusal(
    status: .upgradeRequired,
    text: "MQTT over WebSocket is served here: connect with an MQTT client, transport WebSocket, subprotocol mqtt.",
    headers: [HTTPField(name: "Upgrade", value: "websocket"), HTTPField(name: "Sec-WebSocket-Version", value: "13")])

  static func badRequest(_ text: String) -> HTTPRefusal { HTTPRefusal(status: .badRequest, text: text) }

  /// The answer's bytes.
  var bytes: ByteBuffer {
    let body = text + "\n"
    var head = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n"
    for field in headers { head += "\(field.name): \(field.value)\r\n" }
    // Upgrade is named in Connection wherever it stands. (RFC 9110 §7.8)
    let connection = headers.contains { $0.name == "Upgrade" } ? "Upgrade, close" : "close"
    head += "Connection: \(connection)\r\nContent-Type: text/plain; charset=utf-8\r\n"
    head += "Content-Length: \(body.utf8.count)\r\n\r\n"
    return ByteBuffer(string: head + body)
  }
}

internal import CMosquitto
internal import Glibc

/// Why an operation failed, or why a connection ended.
package enum MosquittoError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The host name has no address.
  case unknownHost(String)
  /// A system call failed; `code` is errno.
  case system(code: Int32)
  /// The server refused the connection in its CONNACK.
  case refused(MosquittoReasonCode)
  /// The server ended the connection with a DISCONNECT (MQTT 5).
  case disconnectedByServer(MosquittoReasonCode)
  /// The peer closed the connection without a word.
  case connectionLost
  /// There is no connection.
  case notConnected
  /// No answer to a PINGREQ within the keep-alive.
  case keepAliveTimeout
  /// The peer broke the protocol.
  case protocolViolation
  /// An argument that MQTT does not allow: a topic, an identifier, a property.
  case invalidArgument(String)
  /// The packet is larger than the server takes.
  case packetTooLarge
  /// What was waited for did not come in time.
  case timedOut(waitingFor: String)
  /// Anything else, by libmosquitto's own code.
  case library(code: Int32)

  package var description: String {
    switch self {
    case .unknownHost(let host): "the host name \"\(host)\" cannot be resolved"
    case .system(let code): String(cString: strerror(code))
    case .refused(let code): "the server refused the connection: \(code)"
    case .disconnectedByServer(let code): "the server ended the connection: \(code)"
    case .connectionLost: "the connection was lost"
    case .notConnected: "not connected"
    case .keepAliveTimeout: "the server did not answer within the keep-alive"
    case .protocolViolation: "the server broke the protocol"
    case .invalidArgument(let what): "not allowed in MQTT: \(what)"
    case .packetTooLarge: "the packet is larger than the server takes"
    case .timedOut(let what): "timed out waiting for \(what)"
    case .library(let code):
      mosquitto_strerror(code).map { String(cString: $0) } ?? "libmosquitto error \(code)"
    }
  }
}

import NIOHTTP1

/// What the handshake of a WebSocket connection may take. Its time is part of the connect timeout.
enum WebSocketLimits {
  /// Bytes of a request's target and header fields together. More: 400 and close.
  static let maximumHeaderBytes = 8 * 1024
  /// Header fields of a request. More: 400 and close.
  static let maximumHeaderFields = 64

  static var decoder: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = maximumHeaderBytes
    limits.maxHeaderListSize = maximumHeaderBytes
    limits.maxHeaderFieldCount = maximumHeaderFields
    return limits
  }
}

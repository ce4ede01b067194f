internal import CMosquitto

extension MosquittoError {
  /// Reads libmosquitto's return code; nil for success.
  ///
  /// - Parameters:
  ///   - code: `MOSQ_ERR_…`.
  ///   - savedErrno: errno right after the call.
  ///   - what: the argument to name where libmosquitto calls it invalid.
  init?(code: Int32, savedErrno: Int32, what: String) {
    switch code {
    case Int32(MOSQ_ERR_SUCCESS.rawValue): return nil
    case Int32(MOSQ_ERR_ERRNO.rawValue):
      // libmosquitto reports an orderly end of stream as ERRNO with errno 0.
      self = savedErrno == 0 ? .connectionLost : .system(code: savedErrno)
    case Int32(MOSQ_ERR_EAI.rawValue), Int32(MOSQ_ERR_LOOKUP.rawValue): self = .unknownHost(what)
    case Int32(MOSQ_ERR_CONN_LOST.rawValue): self = .connectionLost
    case Int32(MOSQ_ERR_NO_CONN.rawValue): self = .notConnected
    case Int32(MOSQ_ERR_KEEPALIVE.rawValue): self = .keepAliveTimeout
    case Int32(MOSQ_ERR_PROTOCOL.rawValue): self = .protocolViolation
    case Int32(MOSQ_ERR_MALFORMED_PACKET.rawValue): self = .protocolViolation
    case Int32(MOSQ_ERR_DUPLICATE_PROPERTY.rawValue): self = .protocolViolation
    case Int32(MOSQ_ERR_INVAL.rawValue), 18: self = .invalidArgument(what)  // 18 is MOSQ_ERR_MALFORMED_UTF8
    case Int32(MOSQ_ERR_PAYLOAD_SIZE.rawValue): self = .packetTooLarge
    case Int32(MOSQ_ERR_OVERSIZE_PACKET.rawValue): self = .packetTooLarge
    default: self = .library(code: code)
    }
  }

  /// Reads the reason that libmosquitto gives for the end of a connection; nil after this side's own DISCONNECT.
  init?(disconnectReason code: Int32, savedErrno: Int32) {
    // Above 0x7F it is the reason code of the server's DISCONNECT, below it is libmosquitto's own.
    if let reason = UInt8(exactly: code), reason >= 0x80 {
      self = .disconnectedByServer(MosquittoReasonCode(rawValue: reason))
    } else {
      self.init(code: code, savedErrno: savedErrno, what: "the connection")
    }
  }
}

/// What happened on a connection, in the order in which it happened.
package enum MosquittoEvent: Sendable, Equatable {
  /// CONNACK with success.
  case connected(sessionPresent: Bool)
  /// CONNACK with a refusal; the connection is gone.
  case refused(MosquittoReasonCode)
  /// The connection ended: nil after this side's DISCONNECT, else why.
  case disconnected(MosquittoError?)
  /// The publish with this identifier is finished: PUBACK, PUBCOMP or a refusing PUBREC; for QoS 0, written to the
  /// socket.
  case published(id: Int32, MosquittoReasonCode)
  /// SUBACK: one code a filter, the granted QoS or a refusal.
  case subscribed(id: Int32, [MosquittoReasonCode])
  /// UNSUBACK.
  case unsubscribed(id: Int32)
  case message(MosquittoMessage)
}

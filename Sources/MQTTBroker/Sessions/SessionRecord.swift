import Durability
package import MQTTProtocol

/// What happened to a session that outlives its connections, for the commit queue.
package struct SessionRecord: SessionRecords {
  package let clientIdentifier: String
  package let change: SessionChange
}

/// A change that a session must remember.
package enum SessionChange: Sendable {
  /// Its client connected; a new session unless `isResumed`.
  case began(expiryInterval: UInt32, isResumed: Bool)
  /// Its client went away; in `expiryInterval` seconds it ends.
  case left(expiryInterval: UInt32)
  case ended
  case subscribed([Subscription])
  case unsubscribed([[UInt8]])
  /// A QoS 1 or 2 message is to be delivered.
  case queued(StoredMessage)
  /// A delivery is over.
  case acknowledged(packetIdentifier: UInt16)
  /// The client has a QoS 2 message; only its PUBREL is still owed.
  case receivedByClient(packetIdentifier: UInt16)
  /// A QoS 2 publish of the client was taken; its identifier is in use until the client releases it.
  case received(packetIdentifier: UInt16)
  case released(packetIdentifier: UInt16)
}

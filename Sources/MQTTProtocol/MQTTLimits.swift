/// The limits that the protocol itself sets.
package enum MQTTLimits {
  /// Bytes after the fixed header (MQTT 5.0 §1.5.5, §2.1.4).
  package static let maximumRemainingLength = 268_435_455
  /// Bytes of the Remaining Length field, and of every other Variable Byte Integer (MQTT 5.0 §1.5.5).
  package static let maximumVariableByteIntegerLength = 4
  /// Bytes of a fixed header: type and flags, and the Remaining Length.
  package static let maximumFixedHeaderLength = 1 + maximumVariableByteIntegerLength
  /// Bytes of a whole control packet.
  package static let maximumPacketLength = maximumFixedHeaderLength + maximumRemainingLength
  /// Bytes of a UTF-8 string or of binary data, without the two of its length (MQTT 5.0 §1.5.4, §1.5.6).
  package static let maximumStringLength = 65_535
  /// A Subscription Identifier's greatest value; the least is 1 (MQTT 5.0 §3.8.2.1.2).
  package static let maximumSubscriptionIdentifier: UInt32 = 268_435_455
  /// How many unacknowledged QoS 1 and 2 messages where Receive Maximum is absent (MQTT 5.0 §3.1.2.11.3).
  package static let defaultReceiveMaximum: UInt16 = 65_535
}

/// Writes PUBACK, PUBREC, PUBREL and PUBCOMP without properties and without allocating (MQTT 5.0 §3.4-3.7).
package enum AcknowledgementEncoder {
  /// Bytes that any of them takes at most: fixed header, packet identifier and MQTT 5's reason code.
  package static let maximumSize = 5

  /// Writes the packet at the start of `output`, which must have room for it; returns the bytes written.
  ///
  /// The reason code is left out where it says success, and below MQTT 5.
  @discardableResult
  package static func encode(
    _ type: PacketType, packetIdentifier: UInt16, reasonCode: ReasonCode, version: ProtocolVersion,
    into output: UnsafeMutableRawBufferPointer
  ) -> Int {
    let hasReasonCode = version == .v5 && reasonCode != .success
    precondition(output.count >= (hasReasonCode ? 5 : 4), "BUG: no room for the packet")
    output[0] = type.rawValue << 4 | type.reservedFlags
    output[1] = hasReasonCode ? 3 : 2
    output.storeBytes(of: packetIdentifier.bigEndian, toByteOffset: 2, as: UInt16.self)
    guard hasReasonCode else { return 4 }
    output[4] = reasonCode.rawValue
    return 5
  }
}

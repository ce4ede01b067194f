/// A control packet's first bytes: type, flags and length (MQTT 5.0 §2.1).
package struct FixedHeader: Equatable, Sendable {
  package let type: PacketType
  /// The low four bits of the first byte.
  package let flags: UInt8
  /// Bytes of the fixed header itself, 2 to 5.
  package let length: Int
  /// Bytes that follow the fixed header, at most `MQTTLimits.maximumRemainingLength`.
  package let remainingLength: Int

  package init(type: PacketType, flags: UInt8, length: Int, remainingLength: Int) {
    self.type = type
    self.flags = flags
    self.length = length
    self.remainingLength = remainingLength
  }

  /// Bytes of the whole packet.
  package var packetLength: Int { length &+ remainingLength }

  /// Whether the remaining length is in the fewest bytes that can hold it.
  var isMinimal: Bool {
    VariableByteInteger.encodedLength(remainingLength) == length &- 1
  }

  /// Refuses what only MQTT 5.0 refuses in a header: a remaining length with bytes to spare.
  @inline(__always)
  func validate(for version: ProtocolVersion) throws(MQTTDecodeError) {
    // A header of two bytes is minimal whatever its length is.
    if length > 2, version == .v5, !isMinimal {
      throw .malformed("remaining length is not in its shortest form")  // [MQTT-1.5.5-1]
    }
  }

  /// Refuses DUP where only MQTT 3.1 has it: in every packet but PUBLISH.
  @inline(__always)
  func validateDuplicate(for version: ProtocolVersion) throws(MQTTDecodeError) {
    if flags & PacketType.duplicateFlag != 0, version != .v3_1 {
      throw .malformed("reserved flags in the fixed header")  // [MQTT-2.1.3-1]
    }
  }
}

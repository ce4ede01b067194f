/// Where one control packet ends and the next begins (MQTT 5.0 §2.1).
package enum PacketFraming {
  /// Reads the fixed header at the start of `bytes`; nil when more bytes are needed.
  ///
  /// Throws malformed for the reserved type 0, for flags that the type does not allow and for a remaining length of
  /// more than four bytes; `packetTooLarge` when the whole packet would exceed `maximumPacketSize` bytes, as soon as
  /// its length is readable. What depends on the version is left to the decoders, which know it: a remaining length with
  /// bytes to spare, and DUP outside of PUBLISH.
  package static func readHeader(
    _ bytes: UnsafeRawBufferPointer, maximumPacketSize: Int
  ) throws(MQTTDecodeError) -> FixedHeader? {
    guard bytes.count > 0 else { return nil }
    let first = bytes[0]
    guard let type = PacketType(rawValue: first >> 4) else { throw .malformed("reserved packet type") }
    let flags = first & 0x0F
    guard type.allows(flags: flags) else { throw .malformed("reserved flags in the fixed header") }  // [MQTT-2.1.3-1]
    guard let remaining = try VariableByteInteger.decode(bytes, at: 1) else { return nil }
    let header = FixedHeader(
      type: type, flags: flags, length: 1 &+ remaining.length, remainingLength: remaining.value)
    guard header.packetLength <= maximumPacketSize else {
      throw MQTTDecodeError(.packetTooLarge, "packet is larger than the limit")  // [MQTT-3.2.2-15]
    }
    return header
  }
}

import MQTTProtocol

/// What framing promises of any bytes.
enum FramingProperties {
  /// The header at the start of `bytes`; nil where there is none, or not all of it.
  static func check(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) -> FixedHeader? {
    guard let header = try read(bytes, MQTTLimits.maximumPacketLength) else { return nil }
    try expect((2...5).contains(header.length), "a fixed header of \(header.length) bytes")
    try expect(header.remainingLength >= 0, "a negative remaining length")
    try checkPrefixes(of: bytes, header)
    try checkLimit(bytes, header)
    return header
  }

  /// A prefix is never a whole packet, and never worse than the whole.
  private static func checkPrefixes(of bytes: UnsafeRawBufferPointer, _ header: FixedHeader) throws(FuzzFinding) {
    for count in 0..<min(bytes.count, header.length + 1) {
      let prefix = UnsafeRawBufferPointer(rebasing: bytes[..<count])
      do throws(MQTTDecodeError) {
        let early = try PacketFraming.readHeader(prefix, maximumPacketSize: MQTTLimits.maximumPacketLength)
        try expectSame(early, header, isWhole: count >= header.length)
      } catch {
        throw FuzzFinding("\(count) bytes are refused (\(error)) and more of the same are not")
      }
    }
  }

  private static func expectSame(
    _ early: FixedHeader?, _ header: FixedHeader, isWhole: Bool
  ) throws(MQTTDecodeError) {
    guard early == (isWhole ? header : nil) else { throw .malformed("BUG: a prefix reads differently") }
  }

  /// The limit is on the whole packet, to the byte.
  private static func checkLimit(_ bytes: UnsafeRawBufferPointer, _ header: FixedHeader) throws(FuzzFinding) {
    do throws(MQTTDecodeError) {
      let atLimit = try PacketFraming.readHeader(bytes, maximumPacketSize: header.packetLength)
      guard atLimit == header else { throw .malformed("BUG: a packet at the limit reads differently") }
    } catch {
      throw FuzzFinding("a packet of just the limit is refused: \(error)")
    }
    do throws(MQTTDecodeError) {
      _ = try PacketFraming.readHeader(bytes, maximumPacketSize: header.packetLength - 1)
    } catch {
      try expect(error.reasonCode == .packetTooLarge, "a packet past the limit is refused as \(error)")
      return
    }
    throw FuzzFinding("a packet of one byte more than the limit is taken")
  }

  private static func read(_ bytes: UnsafeRawBufferPointer, _ limit: Int) throws(FuzzFinding) -> FixedHeader? {
    do throws(MQTTDecodeError) {
      return try PacketFraming.readHeader(bytes, maximumPacketSize: limit)
    } catch {
      try expect(error.reasonCode.isError, "refused with a reason code that is no error: \(error)")
      return nil
    }
  }
}

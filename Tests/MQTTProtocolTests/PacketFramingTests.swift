import MQTTProtocol
import Testing

@Suite("Packet framing")
struct PacketFramingTests {
  private func readHeader(_ bytes: [UInt8], maximumPacketSize: Int = .max) throws -> FixedHeader? {
    try bytes.withUnsafeBytes { try PacketFraming.readHeader($0, maximumPacketSize: maximumPacketSize) }
  }

  @Test(
    "remaining lengths",
    arguments: [
      ("30 00", 0), ("30 7F", 127), ("30 80 01", 128), ("30 FF 7F", 16_383), ("30 80 80 01", 16_384),
      ("30 FF FF 7F", 2_097_151), ("30 80 80 80 01", 2_097_152), ("30 FF FF FF 7F", 268_435_455),
      ("30 81 00", 1), ("30 80 80 80 00", 0),
    ])
  func remainingLength(notation: String, length: Int) throws {
    let bytes = wire(notation)
    let header = try #require(try readHeader(bytes))
    #expect(header == FixedHeader(type: .publish, flags: 0, length: bytes.count, remainingLength: length))
    #expect(header.packetLength == bytes.count + length)
    // What follows does not matter, and without its last byte it is not yet whole.
    #expect(try readHeader(bytes + [0xFF, 0xFF]) == header)
    #expect(try readHeader(bytes.dropLast()) == nil)
  }

  @Test("no bytes, and one byte")
  func needsMore() throws {
    #expect(try readHeader([]) == nil)
    #expect(try readHeader([0x10]) == nil)
  }

  @Test("each type allows its own flags only", arguments: 0...255 as ClosedRange<UInt8>)
  func flags(first: UInt8) throws {
    // MQTT 5.0 §2.1.3, table 2-2; a PUBLISH is not of QoS 3, and no duplicate at QoS 0. DUP of PUBREL, SUBSCRIBE and
    // UNSUBSCRIBE is of MQTT 3.1 (§2.1); the decoders refuse it in other versions.
    let publish: Set<UInt8> = [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x3A, 0x3B, 0x3C, 0x3D]
    let others: Set<UInt8> = [
      0x10, 0x20, 0x40, 0x50, 0x62, 0x6A, 0x70, 0x82, 0x8A, 0x90, 0xA2, 0xAA, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
    ]
    if publish.union(others).contains(first) {
      let header = try #require(try readHeader([first, 0]))
      #expect(header.type.rawValue == first >> 4)
      #expect(header.flags == first & 0x0F)
    } else {
      // Even before the length came.
      #expect(throws: MQTTDecodeError.self) { try readHeader([first]) }
    }
  }

  @Test("a packet above the limit is refused as soon as its length is there")
  func tooLarge() throws {
    let bytes = wire("30 80 02")
    #expect(try readHeader(bytes, maximumPacketSize: 259) != nil)
    #expect(try readHeader(bytes.dropLast(), maximumPacketSize: 258) == nil)
    let error = #expect(throws: MQTTDecodeError.self) { try readHeader(bytes, maximumPacketSize: 258) }
    #expect(error?.reasonCode == .packetTooLarge)
    #expect(throws: MQTTDecodeError.self) { try readHeader(wire("30 FF FF FF 7F"), maximumPacketSize: 262_144) }
  }

  @Test("the limits fit each other")
  func limits() {
    let sevenBits = 7 * MQTTLimits.maximumVariableByteIntegerLength
    #expect(MQTTLimits.maximumRemainingLength == 1 << sevenBits - 1)
    #expect(Int(MQTTLimits.maximumSubscriptionIdentifier) == MQTTLimits.maximumRemainingLength)
    #expect(MQTTLimits.maximumPacketLength == 268_435_460)
    #expect(MQTTLimits.maximumStringLength == Int(UInt16.max))
    #expect(AcknowledgementEncoder.maximumSize <= MQTTLimits.maximumFixedHeaderLength + 2)
  }
}

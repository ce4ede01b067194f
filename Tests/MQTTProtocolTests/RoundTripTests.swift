import MQTTProtocol
import Testing

@Suite("Round trips")
struct RoundTripTests {
  @Test("every packet comes back as it was written", arguments: PacketType.allCases)
  func everyPacket(type: PacketType) throws {
    var generator = SeededGenerator(seed: 0x5EED_0000 + UInt64(type.rawValue))
    for _ in 0..<600 {
      let version = type == .auth ? .v5 : generator.pick(SeededGenerator.versions)
      let packet = generator.packet(type, version: version)
      let bytes = packet.encoded(version: version)
      #expect(packet.type == type)
      #expect(bytes.count == packet.encodedSize(version: version))
      #expect(try decode(bytes, version: version) == packet)
    }
  }

  @Test("nothing is written beyond a packet's size")
  func leavesTheRestAlone() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      let version = generator.pick(SeededGenerator.versions)
      let packet = generator.packet(generator.pick(PacketType.allCases), version: version)
      let size = packet.encodedSize(version: version)
      var memory = [UInt8](repeating: 0xAA, count: size + 8)
      let written = memory.withUnsafeMutableBytes { packet.encode(version: version, into: $0) }
      #expect(written == size)
      #expect(memory.suffix(8) == [0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA])
    }
  }

  @Test(
    "remaining lengths at the borders of each byte",
    arguments: [0, 1, 123, 124, 125, 16_379, 16_380, 16_381, 2_097_147, 2_097_148, 2_097_149])
  func lengthBorders(payloadLength: Int) throws {
    let publish = PublishPacket(topic: Array("t".utf8), payload: [UInt8](repeating: 7, count: payloadLength))
    let bytes = ControlPacket.publish(publish).encoded(version: .v3_1_1)
    #expect(try decode(bytes, version: .v3_1_1) == .publish(publish))
  }
}

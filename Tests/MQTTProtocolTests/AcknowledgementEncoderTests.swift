import MQTTProtocol
import Testing

@Suite("Acknowledgements without allocating")
struct AcknowledgementEncoderTests {
  private func encode(_ type: PacketType, _ reasonCode: ReasonCode, _ version: ProtocolVersion) -> [UInt8] {
    var memory = [UInt8](repeating: 0xAA, count: AcknowledgementEncoder.maximumSize)
    let written = memory.withUnsafeMutableBytes {
      AcknowledgementEncoder.encode(
        type, packetIdentifier: 0x1234, reasonCode: reasonCode, version: version, into: $0)
    }
    #expect(memory[written...].allSatisfy { $0 == 0xAA })
    return Array(memory[..<written])
  }

  @Test("the same bytes as the packets'", arguments: SeededGenerator.versions)
  func againstPackets(version: ProtocolVersion) {
    for reasonCode: ReasonCode in [.success, .packetIdentifierNotFound, .quotaExceeded] {
      let packet = AcknowledgementPacket(packetIdentifier: 0x1234, reasonCode: reasonCode)
      #expect(encode(.puback, reasonCode, version) == ControlPacket.puback(packet).encoded(version: version))
      #expect(encode(.pubrec, reasonCode, version) == ControlPacket.pubrec(packet).encoded(version: version))
      #expect(encode(.pubrel, reasonCode, version) == ControlPacket.pubrel(packet).encoded(version: version))
      #expect(encode(.pubcomp, reasonCode, version) == ControlPacket.pubcomp(packet).encoded(version: version))
    }
  }

  @Test("four bytes hold one without a reason code")
  func fourBytes() {
    var memory = [UInt8](repeating: 0, count: 4)
    let written = memory.withUnsafeMutableBytes {
      AcknowledgementEncoder.encode(.pubrel, packetIdentifier: 1, reasonCode: .success, version: .v5, into: $0)
    }
    #expect(written == 4)
    #expect(memory == wire("62 02 0001"))
  }
}

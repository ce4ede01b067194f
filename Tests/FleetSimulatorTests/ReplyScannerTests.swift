import MQTTProtocol
import Testing

@testable import FleetSimulator

@Suite struct ReplyScannerTests {
  private func replies() -> (bytes: [UInt8], packets: [ControlPacket]) {
    let packets: [ControlPacket] = [
      .connack(ConnackPacket(sessionPresent: false, reasonCode: .success, properties: [.receiveMaximum(20)])),
      .puback(AcknowledgementPacket(packetIdentifier: 1)),
      .puback(AcknowledgementPacket(packetIdentifier: 2, reasonCode: .payloadFormatInvalid)),
      .pingresp,
      .disconnect(DisconnectPacket(reasonCode: .serverShuttingDown)),
    ]
    return (packets.flatMap { $0.encoded(version: .v5) }, packets)
  }

  private func scan(_ pieces: [ArraySlice<UInt8>]) throws -> [ControlPacket] {
    var scanner = ReplyScanner()
    var found: [ControlPacket] = []
    for piece in pieces {
      try piece.withUnsafeBytes { bytes in
        try scanner.scan(bytes) { header, body in
          found.append(try ControlPacket.decode(header, body: body, version: .v5))
        }
      }
    }
    return found
  }

  @Test("Packets are found whole, torn at every offset, and byte by byte")
  func torn() throws {
    let (bytes, packets) = replies()
    #expect(try scan([bytes[...]]) == packets)
    for offset in 0...bytes.count { #expect(try scan([bytes[..<offset], bytes[offset...]]) == packets) }
    #expect(try scan(bytes.indices.map { bytes[$0...$0] }) == packets)
  }

  @Test("What is no packet throws", arguments: [[0x00, 0x00], [0x40, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]] as [[UInt8]])
  func malformed(bytes: [UInt8]) {
    #expect(throws: MQTTDecodeError.self) { try scan([bytes[...]]) }
  }
}

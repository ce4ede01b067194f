import MQTTProtocol
import Testing

@Suite("Reason codes")
struct ReasonCodeTests {
  /// MQTT 5.0 §2.4 by packet: each section's own list, and 0x8C for DISCONNECT, which table 2-6 adds.
  static let table: [(type: PacketType, body: @Sendable (UInt8) -> [UInt8], codes: Set<UInt8>)] = [
    (
      .connack, { [0, $0, 0] },
      [
        0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A,
        0x9B, 0x9C, 0x9D, 0x9F,
      ]
    ),
    (.puback, { [0, 1, $0] }, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
    (.pubrec, { [0, 1, $0] }, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
    (.pubrel, { [0, 1, $0] }, [0x00, 0x92]),
    (.pubcomp, { [0, 1, $0] }, [0x00, 0x92]),
    (
      .suback, { [0, 1, 0, $0] },
      [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2]
    ),
    (.unsuback, { [0, 1, 0, $0] }, [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91]),
    (
      .disconnect, { [$0] },
      [
        0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96,
        0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
      ]
    ),
    (.auth, { [$0] + wire("04 15 0001 'm'") }, [0x00, 0x18, 0x19]),
  ]

  @Test("each packet carries its own codes only", arguments: table.indices)
  func codes(row: Int) {
    let (type, body, codes) = Self.table[row]
    let first = type.rawValue << 4 | (type == .pubrel ? 0b0010 : 0)
    for code in UInt8.min...UInt8.max {
      let error = decodeError(frame(first, body(code)), version: .v5)
      #expect((error == nil) == codes.contains(code), "0x\(String(code, radix: 16)) in \(type)")
    }
  }

  @Test(
    "return codes of 3.1.1",
    arguments: [
      (ReasonCode.success, 0), (.unsupportedProtocolVersion, 1), (.clientIdentifierNotValid, 2),
      (.serverUnavailable, 3), (.serverBusy, 3), (.quotaExceeded, 3), (.badUserNameOrPassword, 4),
      (.notAuthorized, 5), (.banned, 5), (ReasonCode(rawValue: 2), 2),
    ] as [(ReasonCode, UInt8)])
  func returnCodes(reasonCode: ReasonCode, returnCode: UInt8) {
    #expect(reasonCode.connectReturnCode == returnCode)
    let packet = ControlPacket.connack(ConnackPacket(sessionPresent: false, reasonCode: reasonCode))
    #expect(packet.encoded(version: .v3_1_1) == [0x20, 2, 0, returnCode])
  }

  @Test("a failed subscription is 0x80 in 3.1.1")
  func subackBelowVersion5() {
    let packet = SubackPacket(packetIdentifier: 1, reasonCodes: [.grantedQoS2, .notAuthorized])
    #expect(ControlPacket.suback(packet).encoded(version: .v3_1_1) == wire("90 04 0001 02 80"))
    #expect(ControlPacket.suback(packet).encoded(version: .v5) == wire("90 05 0001 00 02 87"))
  }

  @Test("a CONNECT says its level even where it cannot be read")
  func protocolLevel() {
    func level(_ notation: String) -> UInt8? {
      wire(notation).withUnsafeBytes { ConnectPacket.protocolLevel(of: $0) }
    }
    #expect(level("0004 'MQTT' 84") == 0x84)
    #expect(level("0004 'MQTT' 05 FF") == 5)
    #expect(level("0004 'MQTT'") == nil)
    #expect(level("0009 'MQTT' 05") == nil)
    #expect(level("") == nil)
  }
}

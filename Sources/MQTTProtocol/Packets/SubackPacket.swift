/// SUBACK and UNSUBACK (MQTT 5.0 §3.9, §3.11). UNSUBACK has no codes in 3.1.1.
package struct SubackPacket: Equatable, Sendable {
  package var packetIdentifier: UInt16
  /// One for each topic filter, in its order.
  package var reasonCodes: [ReasonCode]
  package var properties: Properties

  package init(packetIdentifier: UInt16, reasonCodes: [ReasonCode], properties: Properties = Properties()) {
    self.packetIdentifier = packetIdentifier
    self.reasonCodes = reasonCodes
    self.properties = properties
  }
}

extension SubackPacket {
  init(_ type: PacketType, from reader: inout WireReader, version: ProtocolVersion) throws(MQTTDecodeError) {
    self.init(packetIdentifier: try reader.readPacketIdentifier(), reasonCodes: [])
    if version == .v5 {
      properties = try Properties.decode(&reader, context: .suback)
    } else if type == .unsuback {
      return
    }
    reasonCodes.reserveCapacity(reader.remaining)
    while reader.remaining > 0 {
      let reasonCode = ReasonCode(rawValue: try reader.readByte())
      guard Self.isAllowed(reasonCode, in: type, version: version) else {
        throw .malformed("reason code is not one of SUBACK or UNSUBACK")  // [MQTT-3.9.3-2], [MQTT-3.11.3-2]
      }
      reasonCodes.append(reasonCode)
    }
    if reasonCodes.isEmpty { throw .malformed("SUBACK or UNSUBACK without a reason code") }  // [MQTT-3.8.4-6]
  }

  private static func isAllowed(_ reasonCode: ReasonCode, in type: PacketType, version: ProtocolVersion) -> Bool {
    if version == .v5 { return reasonCode.isAllowed(in: type) }
    return reasonCode.rawValue <= 2 || reasonCode == .unspecifiedError  // 3.1.1 [MQTT-3.9.3-2]
  }

  func writeBody(to sink: inout some WireSink, version: ProtocolVersion) {
    sink.write(packetIdentifier)
    if version == .v5 { properties.write(to: &sink) }
    for reasonCode in reasonCodes {
      // 3.1.1 knows one failure only (MQTT 3.1.1 §3.9.3).
      sink.write(version != .v5 && reasonCode.isError ? ReasonCode.unspecifiedError.rawValue : reasonCode.rawValue)
    }
  }
}

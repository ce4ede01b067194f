/// CONNACK (MQTT 5.0 §3.2). For 3.1.1 the reason code's raw value is the return code, 0 to 5.
package struct ConnackPacket: Equatable, Sendable {
  package var sessionPresent: Bool
  package var reasonCode: ReasonCode
  package var properties: Properties

  package init(sessionPresent: Bool, reasonCode: ReasonCode, properties: Properties = Properties()) {
    self.sessionPresent = sessionPresent
    self.reasonCode = reasonCode
    self.properties = properties
  }
}

extension ConnackPacket {
  init(from reader: inout WireReader, version: ProtocolVersion) throws(MQTTDecodeError) {
    let flags = try reader.readByte()
    guard flags <= 1 else { throw .malformed("reserved CONNACK flags") }  // [MQTT-3.2.2-1]
    sessionPresent = flags == 1
    reasonCode = ReasonCode(rawValue: try reader.readByte())
    if version == .v5 {
      guard reasonCode.isAllowed(in: .connack) else { throw .malformed("reason code is not one of CONNACK") }
      properties = try Properties.decode(&reader, context: .connack)
    } else {
      guard reasonCode.rawValue <= 5 else { throw .malformed("reserved CONNACK return code") }  // 3.1.1 §3.2.2.3
      properties = Properties()
    }
    if sessionPresent, reasonCode != .success {
      throw .protocolError("Session Present in a CONNACK that refuses")  // [MQTT-3.2.2-6]
    }
  }

  func writeBody(to sink: inout some WireSink, version: ProtocolVersion) {
    sink.write(sessionPresent ? 1 : 0 as UInt8)
    sink.write(version == .v5 ? reasonCode.rawValue : reasonCode.connectReturnCode)
    if version == .v5 { properties.write(to: &sink) }
  }
}

/// AUTH (MQTT 5.0 §3.15). Only MQTT 5 has it.
package struct AuthPacket: Equatable, Sendable {
  package var reasonCode: ReasonCode
  package var properties: Properties

  package init(reasonCode: ReasonCode, properties: Properties = Properties()) {
    self.reasonCode = reasonCode
    self.properties = properties
  }
}

extension AuthPacket {
  init(from reader: inout WireReader, version: ProtocolVersion) throws(MQTTDecodeError) {
    guard version == .v5 else { throw .malformed("AUTH is not a packet of this version") }  // 3.1.1 §2.2.1
    self.init(reasonCode: .success)
    // Success without properties may be said by nothing at all (MQTT 5.0 §3.15.2.1).
    guard reader.remaining > 0 else { return }
    reasonCode = ReasonCode(rawValue: try reader.readByte())
    // [MQTT-3.15.2-1]
    guard reasonCode.isAllowed(in: .auth) else { throw .malformed("reason code is not one of AUTH") }
    properties = try Properties.decode(&reader, context: .auth)
    guard properties.authenticationMethod != nil else {
      throw .protocolError("AUTH without Authentication Method")  // §3.15.2.2.2
    }
  }

  func writeBody(to sink: inout some WireSink) {
    if reasonCode == .success, properties.isEmpty { return }
    sink.write(reasonCode.rawValue)
    properties.write(to: &sink)
  }
}

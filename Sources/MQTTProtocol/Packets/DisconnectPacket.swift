/// DISCONNECT (MQTT 5.0 §3.14). In 3.1.1 it has no body.
package struct DisconnectPacket: Equatable, Sendable {
  package var reasonCode: ReasonCode
  package var properties: Properties

  package init(reasonCode: ReasonCode = .success, properties: Properties = Properties()) {
    self.reasonCode = reasonCode
    self.properties = properties
  }
}

extension DisconnectPacket {
  init(from reader: inout WireReader, version: ProtocolVersion) throws(MQTTDecodeError) {
    self.init()
    guard version == .v5, reader.remaining > 0 else { return }
    reasonCode = ReasonCode(rawValue: try reader.readByte())
    guard reasonCode.isAllowed(in: .disconnect) else { throw .malformed("reason code is not one of DISCONNECT") }
    // Below two bytes there is no property length (MQTT 5.0 §3.14.2.2.1).
    if reader.remaining > 0 { properties = try Properties.decode(&reader, context: .disconnect) }
  }

  func writeBody(to sink: inout some WireSink, version: ProtocolVersion) {
    guard version == .v5, reasonCode != .success || !properties.isEmpty else { return }
    sink.write(reasonCode.rawValue)
    if !properties.isEmpty { properties.write(to: &sink) }
  }
}

/// PUBACK, PUBREC, PUBREL, PUBCOMP (MQTT 5.0 §3.4-3.7).
package struct AcknowledgementPacket: Equatable, Sendable {
  package var packetIdentifier: UInt16
  /// Always success in 3.1.1.
  package var reasonCode: ReasonCode
  package var properties: Properties

  package init(packetIdentifier: UInt16, reasonCode: ReasonCode = .success, properties: Properties = Properties()) {
    self.packetIdentifier = packetIdentifier
    self.reasonCode = reasonCode
    self.properties = properties
  }
}

extension AcknowledgementPacket {
  init(_ type: PacketType, from reader: inout WireReader, version: ProtocolVersion) throws(MQTTDecodeError) {
    self.init(packetIdentifier: try reader.readPacketIdentifier())
    guard version == .v5, reader.remaining > 0 else { return }
    reasonCode = ReasonCode(rawValue: try reader.readByte())
    guard reasonCode.isAllowed(in: type) else { throw .malformed("reason code is not one of this acknowledgement") }
    // Below four bytes there is no property length (MQTT 5.0 §3.4.2.2.1).
    if reader.remaining > 0 { properties = try Properties.decode(&reader, context: .acknowledgement) }
  }

  func writeBody(to sink: inout some WireSink, version: ProtocolVersion) {
    sink.write(packetIdentifier)
    guard version == .v5, reasonCode != .success || !properties.isEmpty else { return }
    sink.write(reasonCode.rawValue)
    if !properties.isEmpty { properties.write(to: &sink) }
  }
}

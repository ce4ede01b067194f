/// UNSUBSCRIBE (MQTT 5.0 §3.10).
package struct UnsubscribePacket: Equatable, Sendable {
  package var packetIdentifier: UInt16
  /// At least one.
  package var filters: [String]
  package var properties: Properties

  package init(packetIdentifier: UInt16, filters: [String], properties: Properties = Properties()) {
    self.packetIdentifier = packetIdentifier
    self.filters = filters
    self.properties = properties
  }
}

extension UnsubscribePacket {
  init(from reader: inout WireReader, version: ProtocolVersion) throws(MQTTDecodeError) {
    packetIdentifier = try reader.readPacketIdentifier()
    properties = version == .v5 ? try Properties.decode(&reader, context: .unsubscribe) : Properties()
    filters = []
    while reader.remaining > 0 { filters.append(try reader.readTopicFilter().filter) }
    if filters.isEmpty { throw .protocolError("UNSUBSCRIBE without a topic filter") }  // [MQTT-3.10.3-2]
  }

  func writeBody(to sink: inout some WireSink, version: ProtocolVersion) {
    sink.write(packetIdentifier)
    if version == .v5 { properties.write(to: &sink) }
    for filter in filters { sink.writeString(filter) }
  }
}

/// SUBSCRIBE (MQTT 5.0 §3.8).
package struct SubscribePacket: Equatable, Sendable {
  package var packetIdentifier: UInt16
  /// At least one.
  package var subscriptions: [Subscription]
  package var properties: Properties

  package init(packetIdentifier: UInt16, subscriptions: [Subscription], properties: Properties = Properties()) {
    self.packetIdentifier = packetIdentifier
    self.subscriptions = subscriptions
    self.properties = properties
  }
}

extension SubscribePacket {
  init(from reader: inout WireReader, version: ProtocolVersion) throws(MQTTDecodeError) {
    packetIdentifier = try reader.readPacketIdentifier()
    properties = version == .v5 ? try Properties.decode(&reader, context: .subscribe) : Properties()
    subscriptions = []
    while reader.remaining > 0 { subscriptions.append(try Subscription(from: &reader, version: version)) }
    if subscriptions.isEmpty { throw .protocolError("SUBSCRIBE without a topic filter") }  // [MQTT-3.8.3-2]
  }

  func writeBody(to sink: inout some WireSink, version: ProtocolVersion) {
    sink.write(packetIdentifier)
    if version == .v5 { properties.write(to: &sink) }
    for subscription in subscriptions { subscription.write(to: &sink, version: version) }
  }
}

extension WireReader {
  /// Reads a topic filter and refuses one whose form is wrong; also says whether it is a shared subscription.
  mutating func readTopicFilter() throws(MQTTDecodeError) -> (filter: String, isShared: Bool) {
    let bytes = try readUTF8()
    guard TopicFilter.hasValidForm(bytes) else {
      throw MQTTDecodeError(.topicFilterInvalid, "topic filter is not valid")  // [MQTT-4.7.1-1], [MQTT-4.7.1-2]
    }
    return (String(decoding: bytes, as: UTF8.self), TopicFilter.isShared(bytes))
  }
}

extension Subscription {
  init(from reader: inout WireReader, version: ProtocolVersion) throws(MQTTDecodeError) {
    let (filter, isShared) = try reader.readTopicFilter()
    let options = try reader.readByte()
    // Bits 6 and 7 in 5.0 [MQTT-3.8.3-5]; in 3.1.1 all but the QoS [MQTT-3.8.3-4].
    guard options & (version == .v5 ? 0b1100_0000 : 0b1111_1100) == 0 else {
      throw .malformed("reserved subscription options")
    }
    guard let qos = QoS(rawValue: options & 0b11) else {
      throw .protocolError("subscription asks for QoS 3")  // §3.8.3.1
    }
    guard let retainHandling = RetainHandling(rawValue: options >> 4 & 0b11) else {
      throw .protocolError("Retain Handling is 3")  // §3.8.3.1
    }
    self.init(
      filter: filter, qos: qos, noLocal: options & 0b0100 != 0, retainAsPublished: options & 0b1000 != 0,
      retainHandling: retainHandling)
    if noLocal, isShared { throw .protocolError("No Local on a shared subscription") }  // [MQTT-3.8.3-4]
  }

  func write(to sink: inout some WireSink, version: ProtocolVersion) {
    sink.writeString(filter)
    var options = qos.rawValue
    if version == .v5 {
      if noLocal { options |= 0b0100 }
      if retainAsPublished { options |= 0b1000 }
      options |= retainHandling.rawValue << 4
    }
    sink.write(options)
  }
}

import MQTTProtocol

/// What the two readers of PUBLISH, its encoder and the forwarding of its properties promise.
enum PublishProperties {
  static func check(
    _ packet: PublishPacket, _ header: FixedHeader, body: UnsafeRawBufferPointer, version: ProtocolVersion
  ) throws(FuzzFinding) {
    let view: PublishView
    do throws(MQTTDecodeError) {
      view = try PublishView.decode(header, body: body, version: version)
    } catch {
      throw FuzzFinding("PublishView refuses what PublishPacket takes: \(error)")
    }
    try checkSame(view, packet)
    try checkSummary(view, packet.properties)
    try checkTopic(packet)
    try checkEncoder(view, packet, version: version)
    try checkForwarding(view, packet.properties)
  }

  private static func checkSame(_ view: PublishView, _ packet: PublishPacket) throws(FuzzFinding) {
    try expect(
      view.topic.elementsEqual(packet.topic) && view.payload.elementsEqual(packet.payload) && view.qos == packet.qos
        && view.retain == packet.retain && view.duplicate == packet.duplicate
        && view.packetIdentifier == packet.packetIdentifier, "the view differs from \(packet)")
    try expect((view.packetIdentifier == 0) == (view.qos == .atMostOnce), "packet identifier 0 at QoS 1 or 2")
    try expect(
      view.properties.elementsEqual(packet.properties.encodedRaw()), "the raw properties differ from \(packet)")
  }

  private static func checkSummary(_ view: PublishView, _ properties: Properties) throws(FuzzFinding) {
    let summary = view.summary
    try expect(
      summary.topicAlias == properties.topicAlias ?? 0
        && summary.messageExpiryInterval == properties.messageExpiryInterval
        && summary.payloadIsUTF8 == (properties.payloadIsUTF8 ?? false)
        && summary.hasSubscriptionIdentifier == !properties.subscriptionIdentifiers.isEmpty,
      "\(summary) is not that of \(properties)")
    try expect(
      bytes(summary.responseTopic, of: view) == properties.responseTopic.map { Array($0.utf8) }
        && bytes(summary.correlationData, of: view) == properties.correlationData,
      "\(summary) points elsewhere than \(properties)")
  }

  private static func bytes(_ range: Range<Int>?, of view: PublishView) -> [UInt8]? {
    range.map { Array(view.properties[$0]) }
  }

  private static func checkTopic(_ packet: PublishPacket) throws(FuzzFinding) {
    let isAliased = packet.topic.isEmpty && packet.properties.topicAlias != nil
    try expect(isAliased || TopicName.isValid(packet.topic), "not a topic name: \(packet.topic)")
  }

  private static func checkEncoder(
    _ view: PublishView, _ packet: PublishPacket, version: ProtocolVersion
  ) throws(FuzzFinding) {
    let size = PublishEncoder.encodedSize(
      topicLength: view.topic.count, propertiesLength: view.properties.count, payloadLength: view.payload.count,
      qos: view.qos, version: version)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = PublishEncoder.encode(
        topic: view.topic, properties: view.properties, payload: view.payload, qos: view.qos, retain: view.retain,
        duplicate: view.duplicate, packetIdentifier: view.packetIdentifier, version: version,
        into: UnsafeMutableRawBufferPointer(buffer))
    }
    try expect(bytes.count == size, "encoded size differs from the bytes: \(packet)")
    try expect(bytes == ControlPacket.publish(packet).encoded(version: version), "\(packet) is written in two ways")
  }

  private static func checkForwarding(_ view: PublishView, _ properties: Properties) throws(FuzzFinding) {
    let forwarded = ForwardedProperties.make(from: view.properties)
    var expected = properties
    expected.items.removeAll {
      switch $0 {
      case .topicAlias, .subscriptionIdentifier: true
      default: false
      }
    }
    try checkReads(forwarded, as: expected)

    for index in expected.items.indices {
      if case .messageExpiryInterval = expected.items[index] { expected.items[index] = .messageExpiryInterval(7) }
    }
    expected.items += [.subscriptionIdentifier(1), .subscriptionIdentifier(MQTTLimits.maximumSubscriptionIdentifier)]
    try checkReads(
      ForwardedProperties.withSubscriptionIdentifiers(
        forwarded, [1, MQTTLimits.maximumSubscriptionIdentifier], messageExpiryInterval: 7), as: expected)
  }

  private static func checkReads(_ raw: [UInt8], as expected: Properties) throws(FuzzFinding) {
    do throws(MQTTDecodeError) {
      let read = try ExactMemory.lend(raw, Properties.decodePublishProperties)
      guard read == expected else { throw .malformed("BUG: other properties") }
    } catch {
      throw FuzzFinding("forwarded properties are not \(expected): \(error): \(raw)")
    }
  }
}

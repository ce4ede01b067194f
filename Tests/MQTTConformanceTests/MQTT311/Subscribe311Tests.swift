import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: SUBSCRIBE")
struct Subscribe311Tests {
  @Test(
    "3.1.1 [MQTT-3.8.3-4] QoS 3 and reserved bits close",
    arguments: [3, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x81, 0xFC, 0xFF] as [UInt8])
  func closesOnReservedBits(options: UInt8) async throws {
    let client = try await LiveHub.shared().client311()
    try client.expectClosed(after: Wire.subscribe311(.init(text: "a"), options: options))
  }

  @Test(
    "3.1.1 [MQTT-3.8.3-3] [MQTT-3.10.3-2] [MQTT-4.8.0-1] without a filter, or with half a one, it closes",
    arguments: [
      [0x82, 2, 0, 1], [0x82, 1, 0], [0x82, 0], [0x82, 5, 0, 1, 0, 1, 0x61], [0x82, 5, 0, 1, 0, 4, 0x61],
      [0xA2, 2, 0, 1], [0xA2, 1, 0], [0xA2, 0], [0xA2, 5, 0, 1, 0, 2, 0x61],
    ] as [[UInt8]])
  func closesWithoutAFilter(packet: [UInt8]) async throws {
    try await LiveHub.shared().client311().expectClosed(after: packet)
  }

  @Test("3.1.1 [MQTT-3.8.4-1] [MQTT-3.8.4-5] [MQTT-3.9.3-2] the QoS asked for is granted", arguments: QoS.allCases)
  func grants(qos: QoS) async throws {
    let client = try await LiveHub.shared().client311()
    try client.send(Wire.subscribe311(id: 4, .init(text: Unique.name()), options: qos.rawValue))
    #expect(try client.readPacketBytes() == [0x90, 3, 0, 4, qos.rawValue])
  }

  @Test("3.1.1 [MQTT-3.8.3-2] filters with wildcards are granted", arguments: ["%/#", "%/+", "+/%", "+/%/#", "%/+/+"])
  func grantsWildcards(pattern: String) async throws {
    try await LiveHub.shared().client311().subscribe(pattern.replacing("%", with: Unique.name()))
  }

  @Test(
    """
    3.1.1 [MQTT-3.8.4-4] [MQTT-3.8.4-5] [MQTT-3.9.3-1] [MQTT-3.9.3-2] several filters have one SUBACK with a code for \
    each, 0x80 for the one that is refused
    """)
  func answersEachFilter() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    // Nobody may use what the topic table does not name.
    let refused = "v1/devices/\(topic)/unknown"
    let suback = try client.subscribe([
      Subscription(filter: topic + "/a", qos: .exactlyOnce), Subscription(filter: refused, qos: .atLeastOnce),
      Subscription(filter: topic + "/b", qos: .atMostOnce), Subscription(filter: topic + "/c", qos: .atLeastOnce),
      Subscription(filter: topic + "/b", qos: .exactlyOnce),
    ])
    #expect(suback.reasonCodes.map(\.rawValue) == [2, 0x80, 0, 1, 2])
    let publisher = try hub.client311()
    for level in ["a", "b", "c"] { try publisher.publish("\(topic)/\(level)", level, qos: .exactlyOnce) }
    // The later of two equal filters holds.
    let messages = try client.requirePublishes(3)
    #expect(messages.map(\.text) == ["a", "b", "c"])
    #expect(messages.map(\.qos) == [.exactlyOnce, .exactlyOnce, .atLeastOnce])
  }

  @Test("3.1.1 [MQTT-3.8.4-3] an identical filter replaces the subscription", arguments: QoS.allCases, QoS.allCases)
  func replaces(former: QoS, later: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.client311()
    try publisher.publish(topic, "retained", qos: .atLeastOnce, retain: true)
    let client = try hub.client311()
    for qos in [former, later] {
      try client.subscribe(topic, qos: qos)
      let message = try client.requirePublish()
      #expect(message.text == "retained")
      #expect(message.qos == min(.atLeastOnce, qos))
      try client.acknowledge(message)
    }
    try publisher.publish(topic, "new", qos: .exactlyOnce)
    let message = try client.requirePublish()
    #expect(message.qos == later)
    try client.acknowledge(message)
    // Once, not once for each.
    try client.expectNothing()
    try client.unsubscribe(topic)
    try publisher.publish(topic, "gone", qos: .atLeastOnce)
    try client.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.8.4-3] no message is lost while a subscription is replaced")
  func replacesWithoutAGap() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic, qos: .atLeastOnce)
    let publisher = try hub.client311()
    for round in 0..<40 {
      // Both on their way at once, on different connections.
      try client.send(Wire.subscribe311(id: 2, .init(text: topic), options: UInt8(round % 2 + 1)))
      try publisher.send(
        (1...5).flatMap { Wire.publish311(.init(text: topic), "\(round * 5 + $0)", flags: 0b010, id: UInt16($0)) })
    }
    try publisher.settle()
    let messages = try client.settle().compactMap(\.message)
    #expect(messages.map(\.text) == (1...200).map(String.init))
  }

  @Test(
    "3.1.1 [MQTT-3.3.5-1] overlapping filters deliver once, at the highest QoS",
    arguments: [[QoS.atMostOnce, .exactlyOnce], [.exactlyOnce, .atMostOnce], [.atLeastOnce, .atMostOnce]])
  func overlap(qos: [QoS]) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe("\(topic)/+", qos: qos[0])
    try client.subscribe("\(topic)/#", qos: qos[1])
    try client.subscribe("\(topic)/other", qos: .exactlyOnce)
    try hub.client311().publish("\(topic)/a", qos: .exactlyOnce)
    let message = try client.requirePublish()
    #expect(message.qos == qos.max())
    try client.acknowledge(message)
    try client.expectNothing()
  }
}

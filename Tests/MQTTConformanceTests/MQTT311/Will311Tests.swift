import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: wills")
struct Will311Tests {
  private static func will(_ topic: String, qos: QoS = .atLeastOnce, retain: Bool = false) -> Will {
    Will(topic: topic, payload: Array("gone".utf8), qos: qos, retain: retain)
  }

  @Test(
    """
    3.1.1 [MQTT-3.1.2-8] [MQTT-3.1.2-14] [MQTT-3.1.2-16] [MQTT-3.1.2-17] a lost connection publishes the will with its \
    QoS and RETAIN
    """, arguments: QoS.allCases, [false, true])
  func arePublished(qos: QoS, retain: Bool) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.client311()
    try watcher.subscribe(topic)
    let client = try hub.client311(will: Self.will(topic, qos: qos, retain: retain))
    try watcher.expectNothing()
    client.closeSocket()
    let message = try watcher.requirePublish()
    #expect(message.text == "gone")
    #expect(message.qos == qos)
    #expect(!message.retain)
    let late = try hub.client311()
    try late.subscribe(topic)
    let kept = try late.settle().compactMap(\.message)
    #expect(kept.map(\.text) == (retain ? ["gone"] : []))
    #expect(kept.allSatisfy { $0.retain })
  }

  @Test("3.1.1 [MQTT-3.14.4-3] [MQTT-3.1.2-10] DISCONNECT discards the will", arguments: [false, true])
  func areDiscarded(clean: Bool) async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let watcher = try hub.client311()
    try watcher.subscribe(topic)
    try hub.client311(name, clean: clean, will: Self.will(topic)).disconnect()
    try watcher.expectNothing()
    // Nor does it belong to the session: a next connection without one has none.
    let next = try hub.client311(name, clean: clean)
    next.closeSocket()
    try hub.client311(name).expectNothing()
    try watcher.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.1.2-12] without a will nothing is published")
  func areNotMadeUp() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher", version: .v3_1_1)
    try watcher.subscribe("#")
    let client = hub.connect("name", version: .v3_1_1)
    client.lose()
    hub.advance(seconds: 5)
    #expect(watcher.take().isEmpty)
  }

  @Test("3.1.1 [MQTT-3.1.2-10] a will is published once")
  func arePublishedOnce() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let watcher = try hub.client311()
    try watcher.subscribe(topic, qos: .atMostOnce)
    try hub.client311(name, clean: false, will: Self.will(topic)).closeSocket()
    #expect(try watcher.requirePublish().text == "gone")
    let next = try hub.client311(name, clean: false)
    next.closeSocket()
    try hub.client311(name).disconnect()
    try watcher.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.1.2-17] [MQTT-3.3.1-10] an empty retained will removes what is retained")
  func mayBeEmpty() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher", version: .v3_1_1)
    watcher.publish("topic", "kept", retain: true)
    let client = hub.connect(
      "name", version: .v3_1_1, will: Will(topic: "topic", payload: [], qos: .atMostOnce, retain: true))
    client.lose()
    try watcher.subscribe("topic")
    #expect(watcher.take().isEmpty)
  }

  /// Bytes that the hub refuses once a client is connected.
  static let violations: [[UInt8]] = [
    [0x10, 0], [0xE1, 0], [0xE0, 1, 0], [0x82, 0], [0x00, 0], [0xF0, 0], [0x36, 4, 0, 1, 0x61, 1], [0xD0, 0],
    [0xC0, 0xFF, 0xFF, 0xFF, 0xFF, 1],
  ]

  @Test(
    "3.1.1 [MQTT-3.1.2-8] [MQTT-3.14.1-1] [MQTT-4.8.0-1] what the hub itself ends publishes the will",
    arguments: violations)
  func arePublishedAfterAViolation(packet: [UInt8]) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.client311()
    try watcher.subscribe(topic)
    let client = try hub.client311(will: Self.will(topic))
    try client.expectClosed(after: packet)
    #expect(try watcher.requirePublish().text == "gone")
  }

  @Test("3.1.1 [MQTT-3.1.2-8] [MQTT-3.1.4-2] a take-over publishes the will of the connection that ends")
  func arePublishedAtATakeOver() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let watcher = try hub.client311()
    try watcher.subscribe(topic, qos: .atMostOnce)
    let former = try hub.client311(name, will: Self.will(topic))
    let next = try hub.client311(name)
    try former.expectClosed()
    #expect(try watcher.requirePublish().text == "gone")
    try next.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.1.2-10] [MQTT-3.1.2-8] the will of a refused CONNECT is not published")
  func areNotPublishedForTheRefused() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.client311()
    try watcher.subscribe(topic)
    let fields = [[UInt8]](arrayLiteral: [0, 0], Wire.string(topic), Wire.string("gone")).flatMap(\.self)
    let client = try hub.sent311(Wire.connect311(flags: 0b100, fields))
    try client.expectRefusal(ReasonCode(rawValue: 2))
    try watcher.expectNothing()
  }
}

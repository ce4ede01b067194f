import MQTTBroker
import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: PINGREQ, DISCONNECT, Keep Alive and errors")
struct Disconnect311Tests {
  @Test("3.1.1 [MQTT-3.12.4-1] each PINGREQ has its PINGRESP")
  func answersPings() async throws {
    let client = try await LiveHub.shared().client311()
    try client.send([0xC0, 0, 0xC0, 0, 0xC0, 0])
    for _ in 0..<3 { #expect(try client.readPacketBytes() == [0xD0, 0]) }
  }

  @Test("3.1.1 [MQTT-3.14.4-1] [MQTT-3.14.4-2] after DISCONNECT the hub closes, and drops what follows")
  func closesAfterDisconnect() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.client311()
    try watcher.subscribe(topic)
    let client = try hub.client311()
    try client.expectClosed(after: [0xE0, 0] + Wire.publish311(.init(text: topic)) + [0xC0, 0])
    try watcher.expectNothing()
  }

  @Test(
    "3.1.1 [MQTT-4.8.0-1] what breaks the protocol closes, without a word",
    arguments: [
      [0x00, 0], [0xF0, 0], [0xF0, 2, 0x18, 0],  // Types that do not exist; AUTH is one of 5.0.
      [0x20, 2, 0, 0], [0x90, 3, 0, 1, 0], [0xB0, 2, 0, 1], [0xD0, 0],  // Packets that only a server sends.
      [0xC0, 1, 0], [0xE0, 1, 0], [0x40, 3, 0, 1, 0], [0x62, 4, 0, 1, 0, 0],  // Bytes too many.
      [0x40, 1, 0], [0x62, 0], [0x30, 0], [0x30, 1, 0], [0x32, 3, 0, 1, 0x61],  // Bytes too few.
      [0xC0, 0x80, 0x80, 0x80, 0x80, 0], [0x30, 0xFF, 0xFF, 0xFF, 0xFF],  // A length that never ends.
      [0x40, 2, 0, 0], [0x62, 2, 0, 0],
    ] as [[UInt8]])
  func closesOnViolations(packet: [UInt8]) async throws {
    try await LiveHub.shared().client311().expectClosed(after: packet)
  }

  @Test("3.1.1 [MQTT-4.8.0-2] where a total of all clients is used up, the connection closes")
  func closesOnTransientErrors() async throws {
    var limits = BrokerLimits()
    limits.totalInputBytes = 64
    try await LiveHub.with(limits) { hub in
      let client = try hub.client311()
      try client.expectClosed(after: Wire.publish311([0x61], String(repeating: "x", count: 200)).dropLast())
      try hub.client311().expectNothing()
    }
  }

  @Test("3.1.1 [MQTT-4.8.0-1] the hub that stops closes, without a word")
  func stopsWithoutAWord() async throws {
    var client: RawClient?
    try await LiveHub.with { client = try $0.client311() }
    try client?.expectClosed()
  }

  @Test(
    "3.1.1 [MQTT-3.1.2-24] [MQTT-3.1.2-8] one and a half Keep Alive of silence close and publish the will",
    arguments: [(UInt16(10), Int64(15_000)), (1, 1_500), (60, 90_000), (65_535, 98_302_500)])
  func enforcesKeepAlive(keepAlive: UInt16, limit: Int64) throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher", version: .v3_1_1)
    try watcher.subscribe("will")
    let will = Will(topic: "will", payload: [1], qos: .atMostOnce, retain: false)
    let client = hub.connect("name", version: .v3_1_1, keepAlive: keepAlive, will: will)
    for packet in [
      ControlPacket.pingreq, .publish(.make("topic")), .puback(AcknowledgementPacket(packetIdentifier: 1)),
    ] {
      hub.advance(milliseconds: limit - 1)
      #expect(!client.isClosed)
      client.send(packet)
    }
    _ = client.take()
    hub.advance(milliseconds: limit)
    #expect(!client.isClosed)
    hub.advance(milliseconds: 1_000)
    #expect(client.isClosed)
    #expect(client.take().isEmpty)
    #expect(watcher.takeMessages().map(\.payload) == [[1]])
  }

  @Test("3.1.1 [MQTT-3.1.2-24] what the hub sends is no sign of life")
  func doesNotCountItsOwnPackets() throws {
    let hub = VirtualHub()
    let client = hub.connect("name", version: .v3_1_1, keepAlive: 10)
    try client.subscribe("topic", qos: .atMostOnce)
    let publisher = hub.connect("other", version: .v3_1_1)
    for second in 1...17 {
      publisher.publish("topic")
      hub.advance(seconds: 1)
      #expect(client.isClosed == (second > 15))
    }
  }

  @Test("3.1.1 [MQTT-3.1.2-24] Keep Alive 0 allows any silence")
  func allowsSilence() {
    let hub = VirtualHub()
    let client = hub.connect("name", version: .v3_1_1)
    hub.advance(milliseconds: 7 * 24 * 3_600_000)
    #expect(!client.isClosed)
    client.send(.pingreq)
    #expect(client.take() == [.pingresp])
  }

  @Test(
    "3.1.1 [MQTT-3.3.5-2] a message that is not allowed is acknowledged and goes nowhere",
    arguments: ["v1/devices/a/unknown", "v1/devices/a/presence", "$SYS/broker/uptime", "$anything"], QoS.allCases)
  func acknowledgesWhatIsNotAllowed(topic: String, qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let watcher = try hub.client311()
    if topic.hasPrefix("$") { try watcher.subscribe(topic, qos: .atMostOnce) }
    let client = try hub.client311()
    try client.publish(topic, "forbidden", qos: qos, retain: true)
    try client.expectNothing()
    // What the hub itself publishes there may come.
    let seen = try watcher.settle().compactMap(\.message)
    #expect(!seen.contains { $0.text == "forbidden" })
  }

  @Test("3.1.1 [MQTT-3.2.2-4] [MQTT-3.2.2-5] a will that is not allowed is answered 0x05")
  func refusesForeignWills() async throws {
    let client = try await LiveHub.shared().open(version: .v3_1_1)
    let will = Will(topic: "v1/devices/a/unknown", payload: [1], qos: .atMostOnce, retain: false)
    try client.send(
      .connect(ConnectPacket(version: .v3_1_1, clientIdentifier: Unique.name(), will: will)))
    #expect(try client.readPacketBytes() == [0x20, 2, 0, 5])
    try client.expectClosed()
  }
}

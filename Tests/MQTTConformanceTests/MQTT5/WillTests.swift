import MQTTProtocol
import Testing

/// §3.1.2.5, §3.1.3.2: the message that follows its client's end.
@Suite("MQTT 5.0 §3.1.2.5 will")
struct WillTests {
  static func will(
    _ topic: String, _ text: String = "gone", qos: QoS = .atMostOnce, retain: Bool = false, properties: Properties = []
  ) -> Will {
    Will(topic: topic, payload: Array(text.utf8), qos: qos, retain: retain, properties: properties)
  }

  @Test("5.0 [MQTT-3.1.2-7] [MQTT-3.1.2-8] a will is published when its connection is lost", arguments: QoS.allCases)
  func willAfterLoss(_ qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    try hub.connect(will: Self.will(topic, qos: qos)).closeSocket()
    let message = try watcher.requirePublish()
    #expect(message.text == "gone")
    #expect(message.qos == qos)
    #expect(!message.retain)
    try watcher.acknowledge(message)
  }

  @Test(
    "5.0 [MQTT-3.1.2-8] [MQTT-3.14.4-3] a DISCONNECT that says anything but 0x00 publishes the will",
    arguments: [0x04, 0x80, 0x81, 0x83, 0x93, 0x98] as [UInt8])
  func willAfterOtherDisconnect(_ reason: UInt8) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    try hub.connect(will: Self.will(topic)).disconnect(ReasonCode(rawValue: reason))
    #expect(try watcher.requirePublish().text == "gone")
  }

  @Test("5.0 [MQTT-3.1.2-10] [MQTT-3.14.4-3] DISCONNECT 0x00 discards the will")
  func noWillAfterDisconnect() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    try hub.connect(will: Self.will(topic)).disconnect()
    try watcher.expectNothing()
  }

  @Test("5.0 [MQTT-3.1.2-8] [MQTT-4.13.1-1] a client that breaks the protocol leaves its will")
  func willAfterProtocolError() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.connect(will: Self.will(topic))
    try client.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "again")))
    try client.expectDisconnect(.protocolError)
    #expect(try watcher.requirePublish().text == "gone")
  }

  @Test("5.0 [MQTT-3.1.2-10] a will is published once: its session's next connection begins without")
  func willIsPublishedOnce() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    hub.connect("client", will: Self.will("will"), properties: [.sessionExpiryInterval(100)]).lose()
    #expect(watcher.takeTexts() == ["gone"])
    hub.connect("client", clean: false, properties: [.sessionExpiryInterval(100)]).lose()
    hub.advance(seconds: 200)
    #expect(watcher.takeTexts() == [])
  }

  @Test(
    "5.0 [MQTT-3.1.2-14] [MQTT-3.1.2-15] a will is retained where Will Retain says so, and only there",
    arguments: [false, true])
  func retainedWill(_ retain: Bool) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    try hub.connect(will: Self.will(topic, retain: retain)).closeSocket()
    #expect(try watcher.requirePublish().retain == false)
    let late = try hub.connect()
    try late.subscribe(topic)
    if retain {
      let message = try late.requirePublish()
      #expect(message.text == "gone")
      #expect(message.retain)
    }
    try late.expectNothing()
  }

  @Test("5.0 [MQTT-3.1.3-10] [MQTT-3.1.2-9] a will is published with its properties, User Properties in their order")
  func willProperties() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let properties: Properties = [
      .payloadFormatIndicator(1), .contentType("text/plain"), .responseTopic("r"), .correlationData([0, 1]),
      .userProperty("z", "1"), .userProperty("a", "2"), .userProperty("z", "3"),
    ]
    try hub.connect(will: Self.will(topic, properties: properties)).closeSocket()
    let message = try watcher.requirePublish()
    #expect(message.properties.userProperties.map(\.name) == ["z", "a", "z"])
    #expect(message.properties.userProperties.map(\.value) == ["1", "2", "3"])
    #expect(message.properties.items.count == properties.items.count)
    for property in properties.items { #expect(message.properties.items.contains(property)) }
  }

  static let delayed: Properties = [.willDelayInterval(10)]

  @Test("5.0 [MQTT-3.1.2-8] a will waits for its delay")
  func willDelay() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    hub.connect("client", will: Self.will("will", properties: Self.delayed), properties: [.sessionExpiryInterval(100)])
      .lose()
    hub.advance(seconds: 8)
    #expect(watcher.takeTexts() == [])
    hub.advance(seconds: 4)
    let messages = watcher.takeMessages()
    #expect(messages.map(\.text) == ["gone"])
    #expect(messages.first?.properties.willDelayInterval == nil)
  }

  @Test(
    "5.0 [MQTT-3.1.2-8] a session's end brings its will at once, whatever the delay", arguments: [0, 3] as [UInt32])
  func sessionEndBringsWill(_ expiry: UInt32) throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    hub.connect(
      "client", will: Self.will("will", properties: Self.delayed), properties: [.sessionExpiryInterval(expiry)]
    ).lose()
    #expect(watcher.takeTexts() == (expiry == 0 ? ["gone"] : []))
    hub.advance(seconds: 5)
    #expect(watcher.takeTexts() == (expiry == 0 ? [] : ["gone"]))
  }

  @Test("5.0 [MQTT-3.1.3-9] [MQTT-3.1.2-8] a session that is connected again within the delay has no will to publish")
  func reconnectionStopsWill() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    let lasting: Properties = [.sessionExpiryInterval(100)]
    hub.connect("client", will: Self.will("will", properties: Self.delayed), properties: lasting).lose()
    hub.advance(seconds: 5)
    let again = hub.connect("client", clean: false, properties: lasting)
    #expect(again.connack?.sessionPresent == true)
    hub.advance(seconds: 30)
    #expect(watcher.takeTexts() == [])
  }

  @Test("5.0 [MQTT-3.1.2-8] [MQTT-3.1.2-4] Clean Start ends the old session, and so brings its will")
  func cleanStartBringsWill() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    hub.connect("client", will: Self.will("will", properties: Self.delayed), properties: [.sessionExpiryInterval(100)])
      .lose()
    hub.advance(seconds: 5)
    _ = hub.connect("client", clean: true)
    #expect(watcher.takeTexts() == ["gone"])
    hub.advance(seconds: 30)
    #expect(watcher.takeTexts() == [])
  }

  @Test(
    "5.0 [MQTT-3.1.2-8] a take-over with Clean Start 1 ends the session, and so brings its will, whatever the delay",
    arguments: [0, 1])
  func takeOverWithCleanStartBringsWill(shard: Int) throws {
    let hub = VirtualHub(shards: 2)
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    _ = hub.connect(
      "client", will: Self.will("will", properties: Self.delayed), properties: [.sessionExpiryInterval(100)])
    _ = hub.connect("client", shard: shard, clean: true)
    #expect(watcher.takeTexts() == ["gone"])
    hub.advance(seconds: 30)
    #expect(watcher.takeTexts() == [])
  }

  @Test(
    "5.0 [MQTT-3.1.2-8] DISCONNECT 0x04 begins the delay; one that ends the session brings the will at once",
    arguments: [nil, 0] as [UInt32?])
  func delayAfterDisconnect(_ expiry: UInt32?) throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    hub.connect("client", will: Self.will("will", properties: Self.delayed), properties: [.sessionExpiryInterval(100)])
      .disconnect(.disconnectWithWill, properties: expiry.map { [.sessionExpiryInterval($0)] } ?? [])
    #expect(watcher.takeTexts() == (expiry == 0 ? ["gone"] : []))
    hub.advance(seconds: 12)
    #expect(watcher.takeTexts() == (expiry == 0 ? [] : ["gone"]))
  }

  @Test("5.0 [MQTT-3.1.2-8] [MQTT-3.3.2-6] a will's Message Expiry Interval begins when it is published")
  func willExpiry() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    hub.connect(
      "client", will: Self.will("will", properties: [.willDelayInterval(10), .messageExpiryInterval(5)]),
      properties: [.sessionExpiryInterval(100)]
    ).lose()
    hub.advance(seconds: 12)
    #expect(watcher.takeMessages().map(\.properties.messageExpiryInterval) == [5])
  }

  @Test(
    "5.0 [MQTT-3.1.2-8] [MQTT-3.1.3-9] a take-over with Clean Start 0 publishes the will only where it has no delay",
    arguments: [false, true])
  func takeOverAndWill(_ hasDelay: Bool) throws {
    let hub = VirtualHub(shards: 2)
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    let lasting: Properties = [.sessionExpiryInterval(100)]
    let first = hub.connect(
      "client", shard: 0, will: Self.will("will", properties: hasDelay ? Self.delayed : []), properties: lasting)
    _ = hub.connect("client", shard: 1, clean: false, properties: lasting)
    #expect(first.isClosed)
    hub.advance(seconds: 30)
    #expect(watcher.takeTexts() == (hasDelay ? [] : ["gone"]))
  }

  @Test("5.0 [MQTT-3.1.2-8] the stop of the server publishes wills or keeps them, but says DISCONNECT 0x8B first")
  func serverStop() async throws {
    try await LiveHub.with { hub in
      let client = try hub.connect(will: Self.will(Unique.name()))
      await hub.stop()
      try client.expectDisconnect(.serverShuttingDown)
    }
  }
}

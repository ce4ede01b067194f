import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: sessions")
struct Session311Tests {
  @Test(
    """
    3.1.1 [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.2.2-2] [MQTT-3.2.2-3] [MQTT-3.1.4-3] [MQTT-4.5.0-1] [MQTT-3.2.0-1] \
    Clean Session 0 keeps subscriptions and queues QoS 1 and 2
    """)
  func isResumed() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name, clean: false)
    #expect(!first.isResumed)
    try first.subscribe(topic + "/#")
    try first.disconnect()
    let publisher = try hub.client311()
    try publisher.publish(topic + "/one", "1", qos: .atLeastOnce)
    try publisher.publish(topic + "/two", "2", qos: .exactlyOnce)
    let second = try hub.client311(name, clean: false)
    #expect(second.isResumed)
    let messages = try second.requirePublishes(2)
    #expect(messages.map(\.text) == ["1", "2"])
    #expect(messages.map(\.qos) == [.atLeastOnce, .exactlyOnce])
    // Never sent before, so no repetition.
    #expect(messages.allSatisfy { !$0.duplicate && !$0.retain })
    for message in messages { try second.acknowledge(message) }
    try publisher.publish(topic + "/three", "3", qos: .atLeastOnce)
    #expect(try second.requirePublish().text == "3")
  }

  @Test("3.1.1 [MQTT-3.1.2-4] [MQTT-4.1.0-1] the session outlives a lost connection, too")
  func outlivesALoss() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name, clean: false)
    try first.subscribe(topic)
    first.closeSocket()
    // Whether the hub has noticed the loss or not, the message reaches the session.
    try hub.client311().publish(topic, "kept", qos: .atLeastOnce)
    let second = try hub.client311(name, clean: false)
    #expect(second.isResumed)
    #expect(try second.requirePublish().text == "kept")
  }

  @Test("3.1.1 [MQTT-3.1.2-6] [MQTT-3.2.2-1] [MQTT-3.1.4-3] Clean Session 1 discards what was there")
  func isDiscarded() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name, clean: false)
    try first.subscribe(topic)
    try first.disconnect()
    let publisher = try hub.client311()
    try publisher.publish(topic, "queued", qos: .atLeastOnce)
    let clean = try hub.client311(name)
    #expect(!clean.isResumed)
    try publisher.publish(topic, "later", qos: .atLeastOnce)
    try clean.expectNothing()
    try clean.disconnect()
    let last = try hub.client311(name, clean: false)
    #expect(!last.isResumed)
    try last.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.1.2-6] [MQTT-3.2.2-3] a clean session ends with its connection", arguments: [false, true])
  func endsWithItsConnection(says: Bool) async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name)
    try first.subscribe(topic)
    if says { try first.disconnect() } else { first.closeSocket() }
    let second = try hub.client311(name, clean: false)
    #expect(!second.isResumed)
    try hub.client311().publish(topic, qos: .atLeastOnce)
    try second.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.1.2-7] retained messages outlive the session that published them")
  func leavesRetainedMessages() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let publisher = try hub.client311(name)
    try publisher.publish(topic, "stays", qos: .atLeastOnce, retain: true)
    try publisher.disconnect()
    try hub.client311(name).disconnect()
    let client = try hub.client311()
    try client.subscribe(topic)
    #expect(try client.requirePublish().text == "stays")
  }

  @Test("3.1.1 [MQTT-3.1.4-2] [MQTT-3.1.2-4] [MQTT-3.2.2-2] a take-over goes on with the session")
  func isTakenOver() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let publisher = try hub.client311()
    var client = try hub.client311(name, clean: false)
    try client.subscribe(topic)
    for round in 0..<4 {
      let next = try hub.client311(name, clean: false)
      try client.expectClosed()
      #expect(next.isResumed)
      try publisher.publish(topic, "\(round)", qos: .atLeastOnce)
      let message = try next.requirePublish()
      #expect(message.text == "\(round)")
      try next.acknowledge(message)
      try next.settle()
      client = next
    }
  }

  @Test("3.1.1 [MQTT-4.1.0-1] [MQTT-3.1.2-5] a session away for a day is kept", arguments: [0, 1])
  func isKept(shard: Int) throws {
    let hub = VirtualHub(shards: 2)
    let first = hub.connect("name", version: .v3_1_1, clean: false)
    try first.subscribe("topic")
    first.disconnect()
    hub.advance(milliseconds: 24 * 3_600_000)
    hub.connect("other", version: .v3_1_1).publish("topic", "kept", qos: .atLeastOnce)
    hub.advance(milliseconds: 3_600_000)
    let second = hub.connect("name", version: .v3_1_1, shard: shard, clean: false)
    #expect(second.connack?.sessionPresent == true)
    #expect(second.takeTexts() == ["kept"])
  }

  @Test("3.1.1 [MQTT-4.1.0-2] a session lasts as long as its connection", arguments: [false, true])
  func lastsWithItsConnection(clean: Bool) throws {
    let hub = VirtualHub()
    let client = hub.connect("name", version: .v3_1_1, clean: clean)
    try client.subscribe("topic")
    hub.advance(milliseconds: 24 * 3_600_000)
    hub.connect("other", version: .v3_1_1).publish("topic", "there", qos: .atLeastOnce)
    #expect(client.takeTexts() == ["there"])
  }
}

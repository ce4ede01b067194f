import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: retained messages")
struct Retained311Tests {
  @Test(
    "3.1.1 [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-8] [MQTT-3.8.4-6] a retained message and its QoS are kept",
    arguments: QoS.allCases, QoS.allCases)
  func areKept(published: QoS, granted: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    try hub.client311().publish(topic, "kept", qos: published, retain: true)
    for _ in 0..<2 {
      let client = try hub.client311()
      try client.subscribe(topic, qos: granted)
      let message = try client.requirePublish()
      #expect(message.text == "kept")
      #expect(message.retain && !message.duplicate)
      #expect(message.qos == min(published, granted))
      try client.acknowledge(message)
      try client.expectNothing()
    }
  }

  @Test("3.1.1 [MQTT-3.3.1-5] [MQTT-3.3.1-6] the last one of each topic that matches is sent")
  func areSentForEachTopic() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.client311()
    for (name, text) in [("a", "1"), ("b/c", "2"), ("a", "3"), ("b", "4")] {
      try publisher.publish("\(topic)/\(name)", text, qos: .atLeastOnce, retain: true)
    }
    for (filter, texts) in [("#", ["3", "2", "4"]), ("+", ["3", "4"]), ("a", ["3"]), ("+/c", ["2"]), ("c", [])] {
      let client = try hub.client311()
      try client.subscribe("\(topic)/\(filter)", qos: .atMostOnce)
      let messages = try client.settle().compactMap(\.message)
      #expect(Set(messages.map(\.text)) == Set(texts), "\(filter)")
      #expect(messages.count == texts.count)
      #expect(messages.allSatisfy { $0.retain })
    }
  }

  @Test("3.1.1 [MQTT-3.3.1-7] QoS 0 replaces what was retained, too")
  func areReplacedAtQoS0() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.client311()
    try publisher.publish(topic, "old", qos: .exactlyOnce, retain: true)
    try publisher.publish(topic, "new", retain: true)
    let client = try hub.client311()
    try client.subscribe(topic)
    let message = try client.requirePublish()
    #expect(message.text == "new")
    #expect(message.qos == .atMostOnce)
    try client.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.3.1-9] an established subscription gets it without RETAIN", arguments: QoS.allCases)
  func areNotMarkedForThoseWhoWereThere(qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic)
    try hub.client311().publish(topic, "fresh", qos: qos, retain: true)
    let message = try client.requirePublish()
    #expect(message.text == "fresh")
    #expect(!message.retain)
  }

  @Test("3.1.1 [MQTT-3.3.1-9] nor is one marked that waited in the session")
  func areNotMarkedInAQueue() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name, clean: false)
    try first.subscribe(topic)
    try first.disconnect()
    try hub.client311().publish(topic, "queued", qos: .atLeastOnce, retain: true)
    let message = try hub.client311(name, clean: false).requirePublish()
    #expect(message.text == "queued")
    #expect(!message.retain)
  }

  @Test(
    "3.1.1 [MQTT-3.3.1-10] [MQTT-3.3.1-11] an empty one is delivered, removes what was retained and is not kept",
    arguments: QoS.allCases)
  func areRemoved(qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.client311()
    try publisher.publish(topic, "kept", qos: .atLeastOnce, retain: true)
    let there = try hub.client311()
    try there.subscribe(topic, qos: .atMostOnce)
    #expect(try there.requirePublish().retain)
    try publisher.publish(topic, "", qos: qos, retain: true)
    let message = try there.requirePublish()
    #expect(message.payload.isEmpty)
    #expect(!message.retain)
    let late = try hub.client311()
    try late.subscribe(topic)
    try late.expectNothing()
    // Nothing to remove is no fault.
    try publisher.publish(topic, "", qos: qos, retain: true)
    try publisher.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.3.1-12] without RETAIN nothing is kept, replaced or removed", arguments: QoS.allCases)
  func areLeftAlone(qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.client311()
    try publisher.publish(topic, "passing", qos: qos)
    try hub.client311().subscribe(topic)
    let before = try hub.client311()
    try before.subscribe(topic)
    try before.expectNothing()
    try publisher.publish(topic, "kept", qos: .atLeastOnce, retain: true)
    try publisher.publish(topic, "passing", qos: qos)
    try publisher.publish(topic, "", qos: qos)
    let after = try hub.client311()
    try after.subscribe(topic)
    #expect(try after.requirePublish().text == "kept")
    try after.expectNothing()
  }
}

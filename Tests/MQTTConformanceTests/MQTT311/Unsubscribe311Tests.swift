import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: UNSUBSCRIBE")
struct Unsubscribe311Tests {
  @Test(
    "3.1.1 [MQTT-3.10.4-1] [MQTT-3.10.4-5] only the very same filter ends, and every one is answered",
    arguments: [
      ("a/b", ["a/+", "a/#", "#", "+/b", "A/b", "a/b/", "/a/b", "a"]), ("a/+", ["a/b", "a/#", "+/+", "a/"]),
      ("a/#", ["a", "a/b", "#", "a/+"]), ("caf\u{E9}", ["cafe\u{301}", "cafe"]),
    ])
  func comparesCharacters(filter: String, others: [String]) throws {
    let hub = VirtualHub()
    let client = hub.connect("name", version: .v3_1_1)
    try client.subscribe(filter)
    let publisher = hub.connect("other", version: .v3_1_1)
    let topic = filter.replacing("+", with: "b").replacing("#", with: "b")
    for other in others {
      client.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 9, filters: [other])))
      #expect(client.take().map(\.type) == [.unsuback])
      publisher.publish(topic)
      #expect(client.takeTexts() == ["x"], "\(other)")
    }
    client.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 9, filters: [filter])))
    #expect(client.take().map(\.type) == [.unsuback])
    publisher.publish(topic)
    #expect(client.take().isEmpty)
  }

  @Test("3.1.1 [MQTT-3.10.4-2] [MQTT-3.10.4-4] after UNSUBACK no new message comes", arguments: QoS.allCases)
  func ends(qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic, qos: qos)
    let publisher = try hub.client311()
    try publisher.publish(topic, "before", qos: qos)
    try client.acknowledge(client.requirePublish())
    try client.unsubscribe(topic)
    try publisher.publish(topic, "after", qos: qos)
    try client.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.10.4-3] what was begun is completed")
  func completesWhatWasBegun() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let client = try hub.client311(name, clean: false)
    try client.subscribe(topic)
    let publisher = try hub.client311()
    try publisher.publish(topic, "one", qos: .atLeastOnce)
    try publisher.publish(topic, "two", qos: .exactlyOnce)
    let messages = try client.requirePublishes(2)
    try client.unsubscribe(topic)
    try client.acknowledge(messages[1])
    try client.disconnect()
    // The one that was not acknowledged comes again, subscribed or not.
    let second = try hub.client311(name, clean: false)
    let again = try second.requirePublish()
    #expect(again.text == "one")
    #expect(again.duplicate)
    try second.acknowledge(again)
    try second.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.10.4-6] several filters have one UNSUBACK")
  func endsSeveral() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    for level in ["a", "b", "c"] { try client.subscribe("\(topic)/\(level)", qos: .atMostOnce) }
    try client.unsubscribe("\(topic)/a", "\(topic)/none", "\(topic)/c")
    let publisher = try hub.client311()
    for level in ["a", "b", "c"] { try publisher.publish("\(topic)/\(level)", level) }
    #expect(try client.requirePublish().text == "b")
    try client.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.10.4-5] UNSUBACK comes where nothing was subscribed")
  func answersWhereNothingWas() async throws {
    let client = try await LiveHub.shared().client311()
    try client.unsubscribe(Unique.name())
    try client.expectNothing()
  }
}

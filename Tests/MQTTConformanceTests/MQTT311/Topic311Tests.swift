import MQTTBroker
import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: topics")
struct Topic311Tests {
  /// A filter, names that it matches, and names that it does not.
  static let rules: [(String, [String], [String])] = [
    (
      "sport/tennis/#", ["sport/tennis", "sport/tennis/", "sport/tennis/a", "sport/tennis/a/b"],
      ["sport", "sport/tenni"]
    ),
    ("#", ["a", "/", "/a", "a/b/c"], []),
    ("+", ["a", "b c"], ["/", "/a", "a/", "a/b"]),
    ("+/+", ["/", "/a", "a/", "a/b"], ["a", "a/b/c"]),
    ("/+", ["/", "/a"], ["a", "a/", "//"]),
    ("a/+/c", ["a/b/c", "a//c"], ["a/c", "a/b/d", "a/b/c/"]),
    ("a/+/#", ["a/b", "a/b/c", "a/"], ["a", "b/a"]),
    ("a//b", ["a//b"], ["a/b", "a/x/b"]),
    ("a", ["a"], ["A", "a/", "/a", "aa", "\u{E1}"]),
    ("caf\u{E9}", ["caf\u{E9}"], ["cafe\u{301}", "cafe"]),
    (" a", [" a"], ["a", "a ", "  a"]),
    ("a/$b", ["a/$b"], ["a/b", "$b"]),
  ]

  @Test(
    "3.1.1 [MQTT-3.3.2-3] [MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT-4.7.3-4] filters match by level and byte",
    arguments: rules)
  func match(filter: String, names: [String], others: [String]) throws {
    let hub = VirtualHub(shards: 2)
    let client = hub.connect("name", version: .v3_1_1)
    try client.subscribe(filter)
    let publisher = hub.connect("other", version: .v3_1_1, shard: 1)
    for name in names + others { publisher.publish(name, name) }
    let messages = client.takeMessages()
    #expect(messages.map { Array($0.topic) } == names.map { Array($0.utf8) })
    #expect(messages.map(\.payload) == names.map { Array($0.utf8) })
  }

  @Test("3.1.1 [MQTT-3.3.1-6] [MQTT-4.7.1-2] [MQTT-4.7.1-3] and so for retained messages", arguments: rules)
  func matchRetained(filter: String, names: [String], others: [String]) throws {
    let hub = VirtualHub(shards: 2)
    let publisher = hub.connect("other", version: .v3_1_1, shard: 1)
    for name in names + others { publisher.publish(name, name, retain: true) }
    let client = hub.connect("name", version: .v3_1_1)
    try client.subscribe(filter)
    #expect(Set(client.takeMessages().map(\.topic)) == Set(names.map { Array($0.utf8) }))
  }

  @Test(
    "3.1.1 [MQTT-4.7.2-1] a filter that begins with a wildcard does not see `$` topics",
    arguments: [
      ("#", false), ("+/example", false), ("+/#", false), ("$SYS/#", true), ("$SYS/+", true), ("$SYS/example", true),
    ], [false, true])
  func keepServerTopicsApart(rule: (filter: String, sees: Bool), retain: Bool) throws {
    let hub = VirtualHub()
    // Only the server itself may publish there.
    let message = HubPublish(topic: .init(text: "$SYS/example"), payload: [1], qos: .atMostOnce, retain: retain)
    let client = hub.connect("name", version: .v3_1_1)
    if retain {
      hub.broker.publish(message)
      hub.run()
      try client.subscribe(rule.filter)
    } else {
      try client.subscribe(rule.filter)
      hub.broker.publish(message)
      hub.run()
    }
    #expect(client.takeMessages().contains { $0.topicText == "$SYS/example" } == rule.sees)
  }

  @Test(
    "3.1.1 [MQTT-3.3.2-2] [MQTT-4.7.1-1] a wildcard in a name closes",
    arguments: ["#", "+", "a/#", "a/+/b", "a#", "+a"])
  func refuseWildcardsInNames(name: String) async throws {
    try await LiveHub.shared().client311().expectClosed(after: Wire.publish311(.init(text: name)))
  }

  @Test(
    "3.1.1 [MQTT-4.7.1-2] [MQTT-4.7.1-3] a wildcard out of place closes",
    arguments: ["a#", "a/#/b", "#/a", "##", "a/b#", "a+", "+a", "a/b+/c", "++", "#+"])
  func refuseWildcardsOutOfPlace(filter: String) async throws {
    let hub = try await LiveHub.shared()
    try hub.client311().expectClosed(after: Wire.subscribe311(.init(text: filter)))
    try hub.client311().expectClosed(after: Wire.unsubscribe311(.init(text: filter)))
  }

  @Test("3.1.1 [MQTT-4.7.3-1] an empty name or filter closes")
  func refuseEmpty() async throws {
    let hub = try await LiveHub.shared()
    for packet in [Wire.publish311([]), Wire.subscribe311([]), Wire.unsubscribe311([])] {
      try hub.client311().expectClosed(after: packet)
    }
  }

  @Test("3.1.1 [MQTT-4.7.3-3] names and filters may be 65,535 bytes long")
  func mayBeLong() async throws {
    let hub = try await LiveHub.shared()
    let unique = Unique.name()
    let topic = unique + String(repeating: "t", count: 65_535 - unique.utf8.count)
    let client = try hub.client311()
    try client.subscribe(topic)
    try hub.client311().publish(topic, "long", qos: .atLeastOnce)
    let message = try client.requirePublish()
    #expect(message.topic.count == 65_535)
    #expect(message.text == "long")
    try client.unsubscribe(topic)
  }
}

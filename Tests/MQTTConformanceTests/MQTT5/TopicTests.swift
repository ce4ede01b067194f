import MQTTBroker
import MQTTProtocol
import Testing

/// §4.7: topic names and filters.
@Suite("MQTT 5.0 §4.7 topics")
struct TopicTests {
  @Test(
    """
    5.0 [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.3-1] a filter whose wildcards stand wrong, or that is empty, is \
    refused, in SUBSCRIBE and UNSUBSCRIBE
    """,
    arguments: ["", "a#", "#/a", "a/#/b", "##", "a/b#", "a+", "+a", "a/+b", "a/b+/c", "++", "+#"])
  func invalidFilter(_ filter: String) async throws {
    let hub = try await LiveHub.shared()
    for packet in [
      ControlPacket.subscribe(
        SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: filter, qos: .atMostOnce)])),
      .unsubscribe(UnsubscribePacket(packetIdentifier: 1, filters: [filter])),
    ] {
      let client = try hub.connect()
      try client.send(packet)
      try client.expectDisconnect(.topicFilterInvalid, .malformedPacket, .protocolError)
    }
  }

  struct Match: Sendable, CustomTestStringConvertible {
    let filter: String
    let matching: [String]
    let other: [String]
    var testDescription: String { filter }
  }

  static let matches = [
    Match(filter: "r/a", matching: ["a"], other: ["A", "a/", "/a", "a/b", "ä", ""]),
    Match(filter: "r/#", matching: ["a", "a/b", "a/b/c", "", "/"], other: []),
    Match(filter: "r/a/#", matching: ["a", "a/", "a/b", "a/b/c"], other: ["b", "ab", "/a"]),
    Match(filter: "r/+", matching: ["a", ""], other: ["a/b", "/", "a/"]),
    Match(filter: "r/+/+", matching: ["a/b", "/", "a/"], other: ["a", "a/b/c"]),
    Match(filter: "r/+/b/#", matching: ["a/b", "a/b/c", "/b/c"], other: ["b", "a/c", "a/a/b"]),
    Match(filter: "r/a/+/c", matching: ["a/b/c", "a//c"], other: ["a/c", "a/b/d", "a/b/c/d"]),
    Match(filter: "r/a//", matching: ["a//"], other: ["a/", "a", "a///"]),
    Match(filter: "r/a b", matching: ["a b"], other: ["ab", "a  b", "a%20b"]),
  ]

  @Test(
    """
    5.0 [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.3-4] [MQTT-3.3.2-3] filters match by levels, wildcards within them, \
    and nothing is normalized
    """,
    arguments: matches)
  func matching(_ match: Match) async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let client = try hub.connect()
    try client.subscribe(match.filter.replacing("r/", with: "\(root)/", maxReplacements: 1), qos: .atMostOnce)
    let publisher = try hub.connect()
    for topic in match.other + match.matching { try publisher.publish("\(root)/\(topic)") }
    let topics = try client.settle().compactMap(\.message).map(\.topicText)
    #expect(topics == match.matching.map { "\(root)/\($0)" })
  }

  @Test("5.0 [MQTT-4.7.3-4] composed and decomposed characters are different")
  func noNormalization() async throws {
    let client = try await LiveHub.shared().connect()
    let root = Unique.name()
    let (composed, decomposed) = ("\(root)/\u{E9}", "\(root)/e\u{301}")
    try client.subscribe([Subscription(filter: composed, qos: .atMostOnce)])
    try client.publish(decomposed)
    try client.send(.publish(.make(composed)))
    #expect(try client.requirePublish().topic == Array(composed.utf8))
    try client.subscribe([Subscription(filter: decomposed, qos: .atMostOnce)])
    try client.send(.publish(.make(decomposed)))
    #expect(try client.requirePublish().topic == Array(decomposed.utf8))
    try client.expectNothing()
  }

  @Test(
    "5.0 [MQTT-4.7.2-1] a wildcard at the beginning matches no topic that begins with $",
    arguments: ["#", "+/x", "+/#", "+/+"])
  func dollarTopics(_ filter: String) throws {
    let hub = VirtualHub()
    hub.broker.publish(HubPublish(topic: Array("$SYS/x".utf8), payload: [1], retain: true))
    hub.run()
    let client = hub.connect("client")
    try client.subscribe(filter)
    hub.broker.publish(HubPublish(topic: Array("$SYS/x".utf8), payload: [1]))
    hub.run()
    #expect(client.takeTexts() == [])
    for named in ["$SYS/#", "$SYS/+"] {
      let other = hub.connect(named)
      try other.subscribe(named, qos: .atMostOnce)
      #expect(other.takeMessages().map(\.topicText) == ["$SYS/x"])
      hub.broker.publish(HubPublish(topic: Array("$SYS/x".utf8), payload: [1]))
      hub.run()
      #expect(other.takeMessages().map(\.topicText) == ["$SYS/x"])
    }
  }

  @Test("5.0 [MQTT-4.7.2-1] clients do not exchange messages on $ topics of the server")
  func dollarTopicsAreTheServers() async throws {
    let hub = try await LiveHub.shared()
    let client = try hub.connect()
    try client.subscribe("$SYS/#", qos: .atMostOnce)
    try client.send(.publish(.make("$SYS/\(Unique.name())", qos: .atLeastOnce, id: 1)))
    #expect(try client.requireAcknowledgement(.puback, 1).reasonCode == .notAuthorized)
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-4.7.3-1] a topic may be one character, and a level may be empty", arguments: ["/", "a", "//", " "])
  func shortTopics(_ topic: String) throws {
    let hub = VirtualHub()
    let client = hub.connect("client")
    try client.subscribe(topic)
    client.publish(topic)
    #expect(client.takeMessages().map(\.topicText) == [topic])
  }

  @Test("5.0 [MQTT-4.7.3-3] a topic longer than its two length bytes can say cannot be written; the longest filter can")
  func longestFilter() async throws {
    let client = try await LiveHub.shared().connect()
    let filter = Unique.name() + "/" + String(repeating: "y", count: 65_000)
    try client.subscribe(filter)
    try client.send(.publish(.make(filter)))
    #expect(try client.requirePublish().topicText == filter)
  }
}

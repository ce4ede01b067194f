import MQTTProtocol
import Testing

/// Topic filters, and what ends a subscription.
@Suite struct SubscriptionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let filter: String
    let matching: [String]

    var testDescription: String { filter }
  }

  private static let topics = ["a", "a/b", "a/b/c", "/a", "a/", "b/b", "A"]

  // MQTT 5.0 §4.7.1.
  static let cases = [
    Case(filter: "#", matching: topics), Case(filter: "a/#", matching: ["a", "a/b", "a/b/c", "a/"]),
    Case(filter: "+", matching: ["a", "A"]), Case(filter: "+/b", matching: ["a/b", "b/b"]),
    Case(filter: "a/+", matching: ["a/b", "a/"]), Case(filter: "/+", matching: ["/a"]),
    Case(filter: "+/+", matching: ["a/b", "/a", "a/", "b/b"]), Case(filter: "a/+/c", matching: ["a/b/c"]),
    Case(filter: "a", matching: ["a"]), Case(filter: "a/b/#", matching: ["a/b", "a/b/c"]),
  ]

  @Test(arguments: cases)
  func matchesByLevels(_ testCase: Case) throws {
    try withHub { hub in
      let subscriber = try hub.mosquittoSubscribe(
        "-q", "1", "-t", testCase.filter, "-t", "end", "-C", "\(testCase.matching.count + 1)", "-F", "%t")
      try hub.waitForSubscriptions(2)
      let publisher = try MQTTPeer.connected(hub.mqttPort)
      for topic in Self.topics { try publisher.publish(topic, "x") }
      try publisher.publish("end", "x")
      // Overlapping subscriptions may bring the last message twice.
      #expect(try subscriber.outcome().lines.filter { $0 != "end" } == testCase.matching)
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func endsWithUnsubscribe(version: ProtocolVersion) throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, version: version)
      let publisher = try MQTTPeer.connected(hub.mqttPort)
      try peer.subscribe("a/+")
      try publisher.publish("a/1", "before")
      #expect(try peer.message().text == "before")
      peer.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 77, filters: ["a/+", "never/subscribed"])))
      let unsuback = try peer.expect("UNSUBACK") { if case .unsuback(let unsuback) = $0 { unsuback } else { nil } }
      #expect(unsuback.packetIdentifier == 77)
      if version == .v5 { #expect(unsuback.reasonCodes == [.success, .noSubscriptionExisted]) }
      try publisher.publish("a/1", "after")
      try peer.ping()
      #expect(try hub.metric("telemetry_hub_subscriptions") == 0)
    }
  }

  @Test func endsWithMosquittosUnsubscribe() throws {
    try withHub { hub in
      let subscriber = try hub.mosquittoSubscribe(
        "-q", "1", "-t", "a", "-t", "b", "-U", "a", "-C", "1", "-F", "%t %p")
      try hub.waitForSubscriptions(1)
      try hub.mosquittoPublish("-q", "1", "-t", "a", "-m", "not wanted")
      try hub.mosquittoPublish("-q", "1", "-t", "b", "-m", "wanted")
      #expect(try subscriber.outcome().lines == ["b wanted"])
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func keepsServerTopicsApart(version: ProtocolVersion) throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, version: version)
      try peer.subscribe("#")
      try peer.subscribe("+/x")
      // In 3.1.1 a refused publish is acknowledged like any other.
      #expect(try peer.publish("$SYS/x", "no") == (version == .v5 ? .notAuthorized : .success))
      #expect(try hub.metric("telemetry_hub_publishes_refused_total") == 1)
      try peer.ping()
    }
  }

  @Test func honoursNoLocalAndSubscriptionIdentifiers() throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, "self")
      peer.send(
        .subscribe(
          SubscribePacket(
            packetIdentifier: peer.nextIdentifier(),
            subscriptions: [Subscription(filter: "news/#", qos: .atLeastOnce, noLocal: true)],
            properties: [.subscriptionIdentifier(4_711)])))
      _ = try peer.expect("SUBACK") { if case .suback(let suback) = $0 { suback } else { nil } }
      #expect(try peer.publish("news/own", "mine") == .noMatchingSubscribers)
      let other = try MQTTPeer.connected(hub.mqttPort, "other")
      try other.publish("news/theirs", "theirs")
      let message = try peer.message()
      #expect(message.topicText == "news/theirs")
      #expect(message.properties.subscriptionIdentifiers == [4_711])
    }
  }
}

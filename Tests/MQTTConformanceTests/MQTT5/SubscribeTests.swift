import MQTTProtocol
import Testing

/// §3.8, §3.9: SUBSCRIBE and SUBACK.
@Suite("MQTT 5.0 §3.8 SUBSCRIBE")
struct SubscribeTests {
  struct Malformed: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let payload: [UInt8]

    init(_ description: String, _ payload: [UInt8]...) {
      testDescription = description
      self.payload = payload.flatMap(\.self)
    }
  }

  @Test(
    """
    5.0 [MQTT-3.8.3-2] [MQTT-3.8.3-4] [MQTT-3.8.3-5] [MQTT-4.13.1-1] a SUBSCRIBE that is not well-formed ends the \
    connection
    """,
    arguments: [
      Malformed("no filter"),
      Malformed("filter without options", Wire.string("a")),
      Malformed("reserved bit 6", Wire.string("a"), [0b0100_0000]),
      Malformed("reserved bit 7", Wire.string("a"), [0b1000_0000]),
      Malformed("QoS 3", Wire.string("a"), [0b0000_0011]),
      Malformed("Retain Handling 3", Wire.string("a"), [0b0011_0000]),
      Malformed("second filter's reserved bits", Wire.string("a"), [0], Wire.string("b"), [0b1100_0000]),
      Malformed("No Local on a shared subscription", Wire.string("$share/group/a"), [0b0000_0101]),
      Malformed("filter cut short", [0, 9, 0x61]),
    ])
  func malformedSubscribe(_ subscribe: Malformed) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(0x82, [0, 1, 0], subscribe.payload))
    try client.expectDisconnect(.malformedPacket, .protocolError)
  }

  @Test(
    """
    5.0 [MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-6] [MQTT-3.8.4-7] [MQTT-3.9.3-1] [MQTT-3.9.3-2] SUBACK has the \
    identifier, and a code for each filter in their order
    """
  )
  func codesInOrder() async throws {
    let client = try await LiveHub.shared().connect()
    let root = Unique.name()
    try client.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 0xABCD,
          subscriptions: [
            Subscription(filter: "\(root)/a", qos: .exactlyOnce), Subscription(filter: "\(root)/b", qos: .atMostOnce),
            Subscription(filter: "v1/devices/d/unknown", qos: .atMostOnce),
            Subscription(filter: "\(root)/c/#", qos: .atLeastOnce),
          ])))
    let suback = try client.requireSuback()
    #expect(suback.packetIdentifier == 0xABCD)
    #expect(suback.reasonCodes == [.grantedQoS2, .success, .notAuthorized, .grantedQoS1])
  }

  @Test("5.0 [MQTT-3.8.4-5] many filters in one SUBSCRIBE are many subscriptions: the ones that are granted hold")
  func manyFilters() async throws {
    let client = try await LiveHub.shared().connect()
    let root = Unique.name()
    let subscriptions = (0..<100).map { Subscription(filter: "\(root)/\($0)", qos: QoS.allCases[$0 % 3]) }
    #expect(
      try client.subscribe(subscriptions).reasonCodes == subscriptions.map { ReasonCode(rawValue: $0.qos.rawValue) })
    for number in [0, 50, 99] {
      try client.send(.publish(.make("\(root)/\(number)")))
      #expect(try client.requirePublish().topicText == "\(root)/\(number)")
    }
  }

  @Test("5.0 [MQTT-3.8.4-5] [MQTT-3.8.4-3] of the same filter twice in one SUBSCRIBE the last holds")
  func sameFilterTwice() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    let suback = try client.subscribe([
      Subscription(filter: topic, qos: .atMostOnce), Subscription(filter: topic, qos: .atLeastOnce),
    ])
    #expect(suback.reasonCodes == [.success, .grantedQoS1])
    try hub.connect().publish(topic, qos: .exactlyOnce)
    let message = try client.requirePublish()
    #expect(message.qos == .atLeastOnce)
    try client.acknowledge(message)
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-3.8.4-3] a subscription made anew replaces the old one, options and all")
  func subscriptionIsReplaced() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    let publisher = try hub.connect()
    for qos in [QoS.exactlyOnce, .atMostOnce, .atLeastOnce] {
      try client.subscribe([Subscription(filter: topic, qos: qos, retainAsPublished: qos == .exactlyOnce)])
      try publisher.publish(topic, qos: .exactlyOnce, retain: true)
      let message = try client.settle().compactMap(\.message).last
      #expect(message?.qos == qos)
      #expect(message?.retain == (qos == .exactlyOnce))
      try publisher.publish(topic, "", retain: true)
      #expect(try client.requirePublish().payload == [])
    }
  }

  @Test("5.0 [MQTT-3.8.4-4] no message is lost while its subscription is replaced")
  func nothingIsLostByReplacing() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe(topic, qos: .atLeastOnce)
    let publisher = try hub.connect()
    let packets = (1...500).map { ControlPacket.publish(.make(topic, "\($0)", qos: .atLeastOnce, id: $0)) }
    let subscribe = ControlPacket.subscribe(
      SubscribePacket(
        packetIdentifier: 60_000,
        subscriptions: [Subscription(filter: topic, qos: .atLeastOnce, retainHandling: .doNotSend)]))
    for start in stride(from: 0, to: 500, by: 50) {
      try publisher.send(packets[start..<start + 50].flatMap { $0.encoded(version: .v5) })
      for _ in 0..<5 { try client.send(subscribe) }
    }
    var texts: [String] = []
    var subacks = 0
    while texts.count < 500 || subacks < 50 {
      let packet = try client.read()
      if let message = packet.message {
        texts.append(message.text)
        try client.acknowledge(message)
      } else if packet.type == .suback {
        subacks += 1
      }
    }
    #expect(texts == (1...500).map(String.init))
  }

  @Test("5.0 [MQTT-3.8.4-1] what is published after SUBACK arrives, on whichever event loop it was published")
  func subscriptionHoldsAfterSuback() throws {
    let hub = VirtualHub(shards: 3)
    let publishers = (0..<3).map { hub.connect("publisher\($0)", shard: $0) }
    for publisher in publishers { publisher.publish("t", "before") }
    let client = hub.connect("client", shard: 1)
    try client.subscribe("t")
    for publisher in publishers { publisher.publish("t", "after") }
    #expect(client.takeTexts() == ["after", "after", "after"])
  }

  @Test(
    "5.0 [MQTT-3.3.2-3] [MQTT-3.8.4-1] subscribers get what matches, on the topic it was published on, and nothing else"
  )
  func onlyWhatMatches() async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let client = try hub.connect()
    try client.subscribe("\(root)/+/b")
    let publisher = try hub.connect()
    for topic in ["a/b", "a/c", "b", "a/a/b", "a/b/c", "/b"] { try publisher.publish("\(root)/\(topic)") }
    let topics = try client.settle().compactMap(\.message).map(\.topicText)
    #expect(topics == ["\(root)/a/b", "\(root)//b"])
  }

  @Test("5.0 [MQTT-3.8.4-7] [MQTT-3.9.3-2] a limit on subscriptions is told by 0x97, not by silence")
  func tooManySubscriptions() async throws {
    let client = try await LiveHub.shared().connect()
    let root = Unique.name()
    let subscriptions = (0..<1_001).map { Subscription(filter: "\(root)/\($0)", qos: .atMostOnce) }
    let codes = try client.subscribe(subscriptions).reasonCodes
    #expect(codes.count == 1_001)
    #expect(codes.last == .quotaExceeded)
    #expect(codes.dropLast().allSatisfy { $0 == .success })
  }
}

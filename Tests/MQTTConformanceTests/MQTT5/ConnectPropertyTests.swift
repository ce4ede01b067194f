import MQTTBroker
import MQTTProtocol
import MQTTTestSupport
import Testing

/// §3.1.2.11, §3.2.2.3: what CONNECT and CONNACK agree on.
@Suite("MQTT 5.0 §3.1.2.11 connect properties")
struct ConnectPropertyTests {
  @Test(
    "5.0 [MQTT-3.1.2-24] [MQTT-3.1.2-25] a message larger than the client takes is passed over, and the next one comes",
    arguments: QoS.allCases)
  func largeMessageIsPassedOver(_ qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(properties: [.maximumPacketSize(100)])
    try client.subscribe(topic)
    let publisher = try hub.connect()
    for text in ["small", String(repeating: "x", count: 200), "also small"] {
      try publisher.publish(topic, text, qos: qos)
    }
    let messages = try (0..<2).map { _ in try client.requirePublish() }
    #expect(messages.map(\.text) == ["small", "also small"])
    for message in messages { try client.acknowledge(message) }
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-3.1.2-24] a packet of exactly the Maximum Packet Size is sent, one byte more is not")
  func maximumPacketSizeIsInclusive() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(properties: [.maximumPacketSize(100)])
    try client.subscribe(topic)
    // Two bytes of fixed header, two of the topic's length, one of the property length.
    let fitting = 100 - 5 - topic.utf8.count
    let publisher = try hub.connect()
    try publisher.publish(topic, String(repeating: "y", count: fitting + 1))
    try publisher.publish(topic, String(repeating: "x", count: fitting))
    #expect(try client.readPacketBytes()?.count == 100)
  }

  @Test(
    "5.0 [MQTT-3.1.2-24] [MQTT-3.1.2-25] what a session kept and is too large for its new connection is passed over")
  func keptMessageIsPassedOver() throws {
    let hub = VirtualHub()
    let lasting = Property.sessionExpiryInterval(100)
    let client = hub.connect("client", properties: [lasting])
    try client.subscribe("t", qos: .atLeastOnce)
    client.lose()
    let publisher = hub.connect("publisher")
    publisher.publish("t", String(repeating: "x", count: 200), qos: .atLeastOnce)
    publisher.publish("t", "small", qos: .atLeastOnce)
    #expect(
      hub.connect("client", clean: false, properties: [lasting, .maximumPacketSize(100)]).takeTexts() == ["small"])
  }

  @Test(
    "5.0 [MQTT-3.1.2-24] no SUBACK or UNSUBACK is sent that is larger than the client takes", arguments: [99, 100, 101])
  func largeSuback(_ filters: Int) async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let names = (0..<filters).map { "\(root)/\($0)" }
    for packet in [
      ControlPacket.subscribe(
        SubscribePacket(packetIdentifier: 1, subscriptions: names.map { Subscription(filter: $0, qos: .atMostOnce) })),
      .unsubscribe(UnsubscribePacket(packetIdentifier: 1, filters: names)),
    ] {
      // Two bytes of fixed header, two of the identifier, one of the property length.
      let client = try hub.connect(properties: [.maximumPacketSize(105)])
      try client.send(packet)
      if filters <= 100 {
        #expect(try client.readPacketBytes()?.count == 5 + filters)
      } else {
        try client.expectDisconnect(.packetTooLarge)
      }
    }
  }

  @Test("5.0 [MQTT-3.2.2-15] [MQTT-4.13.1-1] a packet larger than the server takes ends the connection with 0x95")
  func serverMaximumPacketSize() async throws {
    var limits = BrokerLimits()
    limits.maximumPacketSize = 1_000
    try await LiveHub.with(limits) { hub in
      let client = try hub.connect()
      #expect(client.connack?.properties.maximumPacketSize == 1_000)
      let topic = "t"
      try client.subscribe(topic)
      try client.send(.publish(.make(topic, String(repeating: "x", count: 1_000 - 7))))
      #expect(try client.requirePublish().payload.count == 993)
      try client.send(.publish(.make(topic, String(repeating: "x", count: 1_000 - 6))))
      try client.expectDisconnect(.packetTooLarge)
    }
  }

  @Test(
    "5.0 [MQTT-3.1.2-28] without Request Response Information there is no Response Information",
    arguments: [[], [.requestResponseInformation(0)]] as [Properties])
  func noResponseInformation(_ properties: Properties) async throws {
    let client = try await LiveHub.shared().connect(properties: properties)
    #expect(client.connack?.properties.responseInformation == nil)
  }

  @Test("5.0 [MQTT-3.1.2-28] with it there is a prefix of the client's own, which serves a request and its response")
  func responseInformation() async throws {
    let hub = try await LiveHub.shared()
    let requester = try hub.connect(properties: [.requestResponseInformation(1)])
    let other = try hub.connect(properties: [.requestResponseInformation(1)])
    let prefix = try #require(requester.connack?.properties.responseInformation)
    #expect(prefix != other.connack?.properties.responseInformation)
    let (service, reply) = (Unique.name(), prefix + "1")
    try other.subscribe(service, qos: .atLeastOnce)
    try requester.subscribe(reply, qos: .atLeastOnce)
    try requester.publish(service, "question", properties: [.responseTopic(reply), .correlationData([1, 2])])
    let request = try other.requirePublish()
    #expect(request.properties.responseTopic == reply)
    let correlation = try #require(request.properties.correlationData)
    try other.publish(reply, "answer", qos: .atLeastOnce, properties: [.correlationData(correlation)])
    let response = try requester.requirePublish()
    #expect(response.text == "answer")
    #expect(response.properties.correlationData == [1, 2])
  }

  /// Requests that fail, each with its answer's type.
  static let failing: [ControlPacket] = [
    .publish(.make("$SYS/no", qos: .atLeastOnce, id: 1)), .publish(.make("$SYS/no", qos: .exactlyOnce, id: 2)),
    .pubrel(AcknowledgementPacket(packetIdentifier: 3)), .pubrec(AcknowledgementPacket(packetIdentifier: 4)),
    .subscribe(
      SubscribePacket(packetIdentifier: 5, subscriptions: [Subscription(filter: "v1/devices/d/none", qos: .atMostOnce)])
    ),
    .unsubscribe(UnsubscribePacket(packetIdentifier: 6, filters: ["not/subscribed"])),
  ]

  @Test(
    """
    5.0 [MQTT-3.1.2-29] with Request Problem Information 0 no Reason String and no User Property comes but in PUBLISH, \
    CONNACK and DISCONNECT
    """)
  func noProblemInformation() async throws {
    let client = try await LiveHub.shared().connect(properties: [.requestProblemInformation(0)])
    for request in Self.failing {
      try client.send(request)
      let properties = try client.read().answerProperties
      #expect(properties?.reasonString == nil && properties?.userProperties.isEmpty == true)
    }
  }

  @Test(
    """
    5.0 [MQTT-3.4.2-2] [MQTT-3.4.2-3] [MQTT-3.5.2-2] [MQTT-3.5.2-3] [MQTT-3.6.2-2] [MQTT-3.6.2-3] [MQTT-3.7.2-2] \
    [MQTT-3.7.2-3] [MQTT-3.9.2-1] [MQTT-3.9.2-2] [MQTT-3.11.2-1] [MQTT-3.11.2-2] [MQTT-3.14.2-3] [MQTT-3.14.2-4] \
    [MQTT-3.2.2-19] [MQTT-3.2.2-20] [MQTT-3.1.2-24] explanations are left out where they would not fit
    """)
  func explanationsFitThePacket() async throws {
    let hub = try await LiveHub.shared()
    let client = try hub.connect(properties: [.maximumPacketSize(40)])
    for request in Self.failing {
      try client.send(request)
      let bytes = try #require(try client.readPacketBytes())
      #expect(bytes.count <= 40)
      _ = try ControlPacket(bytes: bytes, version: .v5)
    }
    try client.send([0x30, 0xFF])
    try client.send([0xFF, 0xFF, 0xFF])
    let disconnect = try #require(try client.readPacketBytes())
    #expect(disconnect.count <= 40 && disconnect.first == 0xE0)

    let refused = try hub.open()
    try refused.send(
      .connect(
        ConnectPacket(
          version: .v5, clientIdentifier: Unique.name(),
          properties: [.maximumPacketSize(5), .authenticationMethod("x")])))
    #expect(try #require(try refused.readPacketBytes()).count <= 5)
  }

  @Test(
    "5.0 [MQTT-3.1.2-24] no packet is larger than a very small Maximum Packet Size, whatever happens",
    arguments: [4, 5, 6, 8] as [UInt32])
  func tinyMaximumPacketSize(_ size: UInt32) async throws {
    let client = try await LiveHub.shared().open()
    try client.send(
      .connect(ConnectPacket(version: .v5, clientIdentifier: Unique.name(), properties: [.maximumPacketSize(size)])))
    for request in Self.failing { try? client.send(request) }
    try? client.send(.pingreq)
    while let bytes = try client.readPacketBytes(), bytes != [0xD0, 0] {
      #expect(bytes.count <= size)
    }
  }

  @Test(
    """
    5.0 [MQTT-3.2.2-1] [MQTT-3.2.2-2] [MQTT-3.2.2-3] the acknowledge flags of CONNACK are Session Present and nothing \
    else
    """
  )
  func connackFlags() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    for (clean, flags) in [(true, UInt8(0)), (false, 1)] {
      let client = try hub.open()
      try client.send(
        .connect(
          ConnectPacket(
            version: .v5, cleanStart: clean, clientIdentifier: name, properties: [.sessionExpiryInterval(60)])))
      let bytes = try #require(try client.readPacketBytes())
      #expect(bytes[0] == 0x20)
      #expect(bytes[1] < 0x80)
      #expect(bytes[2] == flags)
      #expect(bytes[3] == 0)
      try client.disconnect()
    }
  }

  @Test("5.0 [MQTT-3.2.2-9] [MQTT-3.2.2-10] [MQTT-3.2.2-13] CONNACK withholds nothing that the server does")
  func everythingIsAvailable() async throws {
    let properties = try #require(try await LiveHub.shared().connect().connack).properties
    #expect(properties.maximumQoS == nil)
    #expect(properties.retainAvailable != false)
    #expect(properties.wildcardSubscriptionAvailable != false)
    #expect(properties.subscriptionIdentifierAvailable != false)
    #expect(properties.sharedSubscriptionAvailable != false)
    #expect(properties.topicAliasMaximum ?? 0 > 0)
    #expect(properties.receiveMaximum != 0)
    #expect(properties.assignedClientIdentifier == nil)
    #expect(properties.authenticationMethod == nil)
  }
}

extension ControlPacket {
  /// The properties of an answer to a request; nil for packets that are none.
  var answerProperties: Properties? {
    switch self {
    case .suback(let packet), .unsuback(let packet): packet.properties
    default: acknowledgement?.properties
    }
  }
}

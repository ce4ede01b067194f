import MQTTProtocol
import Testing

/// §3.3.2.3.3: messages that are of use for a while only.
@Suite("MQTT 5.0 §3.3.2.3.3 message expiry")
struct MessageExpiryTests {
  static let lasting: Properties = [.sessionExpiryInterval(1_000)]

  @Test("5.0 [MQTT-3.3.2-6] a message that waited comes with what is left of its interval")
  func intervalCountsDown() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    client.lose()
    hub.connect("publisher").publish("t", qos: .atLeastOnce, properties: [.messageExpiryInterval(60)])
    hub.advance(seconds: 25)
    let message = try #require(hub.connect("client", clean: false, properties: Self.lasting).takeMessages().first)
    #expect(message.properties.messageExpiryInterval == 35)
  }

  @Test("5.0 [MQTT-3.3.2-6] a message that did not wait comes with the interval as it was")
  func intervalIsPassedOn() async throws {
    let client = try await LiveHub.shared().connect()
    let topic = Unique.name()
    try client.subscribe(topic)
    try client.send(.publish(.make(topic, properties: [.messageExpiryInterval(100_000)])))
    #expect(try client.requirePublish().properties.messageExpiryInterval == 100_000)
  }

  @Test("5.0 [MQTT-3.3.2-5] a message whose interval has passed before it was sent is not sent")
  func expiredIsDropped() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    client.lose()
    let publisher = hub.connect("publisher")
    publisher.publish("t", "short", qos: .atLeastOnce, properties: [.messageExpiryInterval(10)])
    publisher.publish("t", "long", qos: .exactlyOnce, properties: [.messageExpiryInterval(100)])
    publisher.publish("t", "ever", qos: .atLeastOnce)
    hub.advance(seconds: 12)
    #expect(hub.connect("client", clean: false, properties: Self.lasting).takeTexts() == ["long", "ever"])
  }

  @Test("5.0 [MQTT-3.3.2-5] the same for what waits behind a full window")
  func expiredBehindWindowIsDropped() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: [.receiveMaximum(1)])
    try client.subscribe("t")
    let publisher = hub.connect("publisher")
    publisher.publish("t", "first", qos: .atLeastOnce)
    publisher.publish("t", "short", qos: .atLeastOnce, properties: [.messageExpiryInterval(10)])
    publisher.publish("t", "long", qos: .atLeastOnce, properties: [.messageExpiryInterval(100)])
    let first = try #require(client.takeMessages().first)
    hub.advance(seconds: 12)
    client.send(.puback(AcknowledgementPacket(packetIdentifier: first.packetIdentifier)))
    let next = client.takeMessages()
    #expect(next.map(\.text) == ["long"])
    #expect(next.first?.properties.messageExpiryInterval == 88)
  }

  @Test(
    """
    5.0 [MQTT-4.3.3-7] [MQTT-4.3.3-13] [MQTT-4.4.0-1] once sent a message does not expire: it is sent again, and its \
    exchange goes to its end
    """,
    arguments: [QoS.atLeastOnce, .exactlyOnce])
  func sentDoesNotExpire(_ qos: QoS) throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    hub.connect("publisher").publish("t", "sent", qos: qos, properties: [.messageExpiryInterval(10)])
    let sent = try #require(client.takeMessages().first)
    client.lose()
    hub.advance(seconds: 20)
    let again = hub.connect("client", clean: false, properties: Self.lasting)
    let message = try #require(again.takeMessages().first)
    #expect(message.text == "sent")
    #expect(message.duplicate)
    #expect(message.packetIdentifier == sent.packetIdentifier)
    let answer = AcknowledgementPacket(packetIdentifier: sent.packetIdentifier)
    if qos == .exactlyOnce {
      again.send(.pubrec(answer))
      #expect(again.take() == [.pubrel(answer)])
      again.send(.pubcomp(answer))
    } else {
      again.send(.puback(answer))
    }
    again.lose()
    #expect(hub.connect("client", clean: false, properties: Self.lasting).take() == [])
  }

  @Test("5.0 [MQTT-4.3.3-13] the publisher's QoS 2 exchange goes to its end though its message has expired")
  func exchangeOutlivesMessage() throws {
    let hub = VirtualHub()
    let publisher = hub.connect("publisher")
    publisher.send(.publish(.make("t", qos: .exactlyOnce, id: 1, properties: [.messageExpiryInterval(1)])))
    #expect(publisher.take().map(\.type) == [.pubrec])
    hub.advance(seconds: 10)
    publisher.send(.pubrel(AcknowledgementPacket(packetIdentifier: 1)))
    #expect(publisher.take() == [.pubcomp(AcknowledgementPacket(packetIdentifier: 1))])
  }

  @Test("5.0 [MQTT-3.3.2-5] an expired message takes no place in the window")
  func expiredTakesNoPlace() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    client.lose()
    let publisher = hub.connect("publisher")
    for _ in 0..<5 { publisher.publish("t", "short", qos: .atLeastOnce, properties: [.messageExpiryInterval(1)]) }
    hub.advance(seconds: 3)
    publisher.publish("t", "later", qos: .atLeastOnce)
    let properties: Properties = [.sessionExpiryInterval(1_000), .receiveMaximum(1)]
    #expect(hub.connect("client", clean: false, properties: properties).takeTexts() == ["later"])
  }
}

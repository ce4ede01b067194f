import MQTTProtocol
import Testing

/// §4.4, §4.6: what is sent again, when, and in which order.
@Suite("MQTT 5.0 §4.4 redelivery and §4.6 order")
struct RedeliveryTests {
  static let lasting: Properties = [.sessionExpiryInterval(1_000)]

  private func answer(_ identifier: UInt16) -> AcknowledgementPacket {
    AcknowledgementPacket(packetIdentifier: identifier)
  }

  @Test(
    """
    5.0 [MQTT-3.3.1-1] [MQTT-4.4.0-1] [MQTT-4.3.2-3] [MQTT-4.3.3-3] what is unacknowledged is sent again on \
    reconnection with DUP, its identifier and in its order
    """)
  func unacknowledgedIsSentAgain() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    let publisher = hub.connect("publisher")
    for number in 0..<6 { publisher.publish("t", "\(number)", qos: number % 2 == 0 ? .atLeastOnce : .exactlyOnce) }
    let sent = client.takeMessages()
    // The middle ones are done with.
    client.send(.puback(answer(sent[2].packetIdentifier)))
    client.send(.pubrec(answer(sent[3].packetIdentifier)))
    client.send(.pubcomp(answer(sent[3].packetIdentifier)))
    client.lose()
    let again = hub.connect("client", clean: false, properties: Self.lasting).takeMessages()
    #expect(again.map(\.text) == ["0", "1", "4", "5"])
    #expect(again.map(\.duplicate) == [true, true, true, true])
    #expect(again.map(\.packetIdentifier) == [0, 1, 4, 5].map { sent[$0].packetIdentifier })
    #expect(again.map(\.qos) == [0, 1, 4, 5].map { sent[$0].qos })
  }

  @Test(
    "5.0 [MQTT-4.3.3-5] [MQTT-4.3.3-6] [MQTT-4.4.0-1] after PUBREL it is PUBREL that is sent again, never the PUBLISH")
  func pubrelIsSentAgain() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    hub.connect("publisher").publish("t", qos: .exactlyOnce)
    let identifier = try #require(client.takeMessages().first?.packetIdentifier)
    client.send(.pubrec(answer(identifier)))
    #expect(client.take() == [.pubrel(answer(identifier))])
    client.lose()
    let again = hub.connect("client", clean: false, properties: Self.lasting)
    #expect(again.take() == [.pubrel(answer(identifier))])
    again.send(.pubcomp(answer(identifier)))
    again.lose()
    #expect(hub.connect("client", clean: false, properties: Self.lasting).take() == [])
  }

  @Test("5.0 [MQTT-4.4.0-1] nothing is sent again while the connection stands")
  func nothingIsSentAgainOnTime() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    let publisher = hub.connect("publisher")
    publisher.publish("t", qos: .atLeastOnce)
    publisher.publish("t", qos: .exactlyOnce)
    #expect(client.takeMessages().count == 2)
    hub.advance(milliseconds: 3_600_000)
    client.send(.pingreq)
    #expect(client.take() == [.pingresp])
  }

  @Test(
    """
    5.0 [MQTT-4.4.0-1] [MQTT-4.6.0-5] new messages come behind those that are sent again, with identifiers of their \
    own
    """
  )
  func newFollowOld() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    let publisher = hub.connect("publisher")
    for text in ["1", "2"] { publisher.publish("t", text, qos: .atLeastOnce) }
    let sent = client.takeMessages()
    client.lose()
    for text in ["3", "4"] { publisher.publish("t", text, qos: .atLeastOnce) }
    let again = hub.connect("client", clean: false, properties: Self.lasting)
    publisher.publish("t", "5", qos: .atLeastOnce)
    let messages = again.takeMessages()
    #expect(messages.map(\.text) == ["1", "2", "3", "4", "5"])
    #expect(messages.map(\.duplicate) == [true, true, false, false, false])
    #expect(Set(messages.map(\.packetIdentifier)).count == 5)
    #expect(messages.prefix(2).map(\.packetIdentifier) == sent.map(\.packetIdentifier))
  }

  @Test(
    """
    5.0 [MQTT-4.5.0-1] QoS 1 and 2 are kept for a session that is away; what was acknowledged to the publisher is in \
    it
    """,
    arguments: [QoS.atLeastOnce, .exactlyOnce])
  func keptForAbsent(_ qos: QoS) throws {
    let hub = VirtualHub(shards: 2)
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("a/#")
    client.disconnect()
    let publisher = hub.connect("publisher", shard: 1)
    publisher.publish("a/1", "kept", qos: qos)
    publisher.publish("b/1", "not subscribed", qos: qos)
    let messages = hub.connect("client", clean: false, properties: Self.lasting).takeMessages()
    #expect(messages.map(\.text) == ["kept"])
    #expect(messages.map(\.qos) == [qos])
    #expect(messages.map(\.duplicate) == [false])
  }

  @Test("5.0 [MQTT-4.3.3-5] [MQTT-4.4.0-1] redelivery survives several losses in a row")
  func severalLosses() throws {
    let hub = VirtualHub(shards: 2)
    let client = hub.connect("client", properties: Self.lasting)
    try client.subscribe("t")
    hub.connect("publisher").publish("t", "kept", qos: .exactlyOnce)
    client.lose()
    for round in 0..<5 {
      let again = hub.connect("client", shard: round % 2, clean: false, properties: Self.lasting)
      #expect(again.takeTexts() == ["kept"])
      again.lose()
    }
  }

  @Test(
    "5.0 [MQTT-4.6.0-5] [MQTT-4.6.0-6] messages of one topic and QoS arrive in the order they were published",
    arguments: QoS.allCases)
  func orderIsKept(_ qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let clients = try (0..<3).map { _ in try hub.connect() }
    try clients[0].subscribe(topic)
    try clients[1].subscribe("\(topic)/#")
    try clients[2].subscribe("+/#")
    let publisher = try hub.connect()
    let packets = (1...200).map {
      ControlPacket.publish(.make(topic, "\($0)", qos: qos, id: qos == .atMostOnce ? 0 : $0))
    }
    try publisher.send(packets.flatMap { $0.encoded(version: .v5) })
    for client in clients {
      var texts: [String] = []
      while texts.count < 200 {
        let message = try client.requirePublish()
        if message.topicText == topic { texts.append(message.text) }
        if message.qos == .atLeastOnce { try client.acknowledge(message) }
      }
      #expect(texts == (1...200).map(String.init))
    }
  }

  @Test(
    "5.0 [MQTT-4.6.0-5] order holds through a small window, through kept messages, and between event loops",
    arguments: [QoS.atLeastOnce, .exactlyOnce])
  func orderThroughWindow(_ qos: QoS) throws {
    let hub = VirtualHub(shards: 2)
    let properties: Properties = [.receiveMaximum(3), .sessionExpiryInterval(1_000)]
    var client = hub.connect("client", properties: properties)
    try client.subscribe("t")
    let publisher = hub.connect("publisher", shard: 1)
    var texts: [String] = []
    for round in 0..<4 {
      for number in 0..<10 { publisher.publish("t", "\(round * 10 + number)", qos: qos) }
      if round % 2 == 0 {
        client.lose()
        client = hub.connect("client", shard: round / 2, clean: false, properties: properties)
      }
      var packets = client.take()
      while !packets.isEmpty {
        for packet in packets {
          if let message = packet.message {
            if texts.last != message.text { texts.append(message.text) }
            client.send(
              qos == .atLeastOnce
                ? .puback(answer(message.packetIdentifier)) : .pubrec(answer(message.packetIdentifier)))
          } else if packet.type == .pubrel, let identifier = packet.acknowledgement?.packetIdentifier {
            client.send(.pubcomp(answer(identifier)))
          }
        }
        packets = client.take()
      }
    }
    #expect(texts == (0..<40).map(String.init))
  }
}

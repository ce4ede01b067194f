import MQTTBroker
import MQTTProtocol
import Testing

/// §3.3.4, §4.9: Receive Maximum in both directions.
@Suite("MQTT 5.0 §4.9 flow control")
struct FlowControlTests {
  @Test(
    """
    5.0 [MQTT-3.3.4-9] [MQTT-4.9.0-1] [MQTT-4.9.0-2] the server keeps no more than the client's Receive Maximum \
    unacknowledged
    """,
    arguments: [1, 2, 5] as [UInt16])
  func windowIsKept(_ maximum: UInt16) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(properties: [.receiveMaximum(maximum)])
    try client.subscribe(topic, qos: .atLeastOnce)
    let publisher = try hub.connect()
    for number in 0..<10 { try publisher.publish(topic, "\(number)", qos: .atLeastOnce) }
    var window = try (0..<Int(maximum)).map { _ in try client.requirePublish() }
    try client.expectNothing()
    var texts = window.map(\.text)
    while texts.count < 10 {
      try client.acknowledge(window.removeFirst())
      let next = try client.requirePublish()
      texts.append(next.text)
      window.append(next)
      try client.expectNothing()
    }
    #expect(texts == (0..<10).map(String.init))
  }

  @Test("5.0 [MQTT-3.3.4-9] [MQTT-4.9.0-2] at QoS 2 the place is free with PUBCOMP, not with PUBREC")
  func windowOfQoS2() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(properties: [.receiveMaximum(1)])
    try client.subscribe(topic, qos: .exactlyOnce)
    let publisher = try hub.connect()
    for text in ["first", "second"] { try publisher.publish(topic, text, qos: .exactlyOnce) }
    let answer = AcknowledgementPacket(packetIdentifier: try client.requirePublish().packetIdentifier)
    try client.expectNothing()
    try client.send(.pubrec(answer))
    try client.requireAcknowledgement(.pubrel, answer.packetIdentifier)
    try client.expectNothing()
    try client.send(.pubcomp(answer))
    #expect(try client.requirePublish().text == "second")
  }

  @Test(
    """
    5.0 [MQTT-3.3.4-9] [MQTT-4.4.0-2] a PUBREC or PUBACK with an error frees the place at once, and nothing is sent \
    again
    """,
    arguments: [QoS.atLeastOnce, .exactlyOnce])
  func errorFreesPlace(_ qos: QoS) throws {
    let hub = VirtualHub()
    let properties: Properties = [.receiveMaximum(1), .sessionExpiryInterval(100)]
    let client = hub.connect("client", properties: properties)
    try client.subscribe("t", qos: qos)
    let publisher = hub.connect("publisher")
    for text in ["refused", "second"] { publisher.publish("t", text, qos: qos) }
    let first = try #require(client.takeMessages().first)
    let refusal = AcknowledgementPacket(
      packetIdentifier: first.packetIdentifier, reasonCode: .implementationSpecificError)
    client.send(qos == .atLeastOnce ? .puback(refusal) : .pubrec(refusal))
    #expect(client.take().compactMap(\.message).map(\.text) == ["second"])
    client.lose()
    #expect(hub.connect("client", clean: false, properties: properties).takeTexts() == ["second"])
  }

  @Test("5.0 [MQTT-3.3.4-10] [MQTT-4.9.0-3] a full window holds back nothing but PUBLISH of QoS 1 and 2")
  func onlyPublishWaits() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(properties: [.receiveMaximum(1)])
    try client.subscribe(topic, qos: .atLeastOnce)
    let publisher = try hub.connect()
    for _ in 0..<3 { try publisher.publish(topic, qos: .atLeastOnce) }
    let first = try client.requirePublish()
    try client.subscribe(Unique.name())
    try client.unsubscribe(Unique.name())
    try client.publish(Unique.name(), qos: .atLeastOnce)
    try client.publish(Unique.name(), qos: .exactlyOnce)
    try client.expectNothing()
    try client.acknowledge(first)
    _ = try client.requirePublish()
  }

  @Test("5.0 [MQTT-4.9.0-1] the window is full again on a new connection, by its own Receive Maximum")
  func windowStartsAnew() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: [.receiveMaximum(1), .sessionExpiryInterval(100)])
    try client.subscribe("t", qos: .atLeastOnce)
    let publisher = hub.connect("publisher")
    for text in ["1", "2", "3", "4"] { publisher.publish("t", text, qos: .atLeastOnce) }
    #expect(client.takeTexts() == ["1"])
    client.lose()
    let again = hub.connect("client", clean: false, properties: [.receiveMaximum(3), .sessionExpiryInterval(100)])
    #expect(again.takeTexts() == ["1", "2", "3"])
    again.lose()
    let narrow = hub.connect("client", clean: false, properties: [.receiveMaximum(2), .sessionExpiryInterval(100)])
    #expect(narrow.takeTexts() == ["1", "2"])
  }

  @Test("5.0 [MQTT-3.3.4-7] [MQTT-4.13.1-1] a client that goes past the server's Receive Maximum is told 0x93")
  func serverReceiveMaximum() async throws {
    var limits = BrokerLimits()
    limits.receiveMaximum = 5
    try await LiveHub.with(limits) { hub in
      let client = try hub.connect()
      #expect(client.connack?.properties.receiveMaximum == 5)
      for identifier in 1...5 as ClosedRange<UInt16> {
        try client.send(.publish(.make("t", qos: .exactlyOnce, id: identifier)))
        try client.requireAcknowledgement(.pubrec, identifier)
      }
      // The same one again is no sixth.
      try client.send(.publish(.make("t", qos: .exactlyOnce, duplicate: true, id: 5)))
      try client.requireAcknowledgement(.pubrec, 5)
      try client.send(.publish(.make("t", qos: .exactlyOnce, id: 6)))
      try client.expectDisconnect(.receiveMaximumExceeded)
    }
  }

  @Test("5.0 [MQTT-3.3.4-7] what was acknowledged counts no more, at QoS 1 and 2")
  func acknowledgedCountsNoMore() async throws {
    var limits = BrokerLimits()
    limits.receiveMaximum = 2
    try await LiveHub.with(limits) { hub in
      let client = try hub.connect()
      for number in 0..<20 { try client.publish("t", qos: number % 2 == 0 ? .exactlyOnce : .atLeastOnce) }
      try client.expectNothing()
    }
  }

  @Test("5.0 [MQTT-4.9.0-2] QoS 0 needs no place in the window")
  func qos0NeedsNoPlace() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(properties: [.receiveMaximum(1)])
    try client.subscribe(topic)
    let publisher = try hub.connect()
    try publisher.publish(topic, "1", qos: .atLeastOnce)
    try publisher.publish(topic, "0", qos: .atMostOnce)
    _ = try client.requirePublish()
    #expect(try client.requirePublish().text == "0")
  }
}

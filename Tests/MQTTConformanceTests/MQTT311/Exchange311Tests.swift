import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: the exchanges of each QoS")
struct Exchange311Tests {
  @Test(
    "3.1.1 [MQTT-3.3.4-1] [MQTT-3.8.4-6] each QoS is answered, and delivered at the lower one",
    arguments: QoS.allCases, QoS.allCases)
  func deliversAtTheLowerQoS(published: QoS, granted: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic, qos: granted)
    // `publish` reads the answer that the QoS asks for, and that nothing else comes.
    let publisher = try hub.client311()
    try publisher.publish(topic, "text", qos: published)
    try publisher.expectNothing()
    let message = try client.requirePublish()
    #expect(message.qos == min(published, granted))
    #expect(message.text == "text")
    try client.acknowledge(message)
    try client.expectNothing()
  }

  @Test("3.1.1 [MQTT-4.3.2-2] after PUBACK the identifier means a new message, whatever DUP says")
  func takesAnIdentifierAgainAtQoS1() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic, qos: .atMostOnce)
    let publisher = try hub.client311()
    for (text, duplicate) in [("a", false), ("b", false), ("c", true)] {
      try publisher.send(.publish(.make(topic, text, qos: .atLeastOnce, duplicate: duplicate, id: 3)))
      try publisher.requireAcknowledgement(.puback, 3)
    }
    #expect(try client.requirePublishes(3).map(\.text) == ["a", "b", "c"])
  }

  @Test("3.1.1 [MQTT-4.3.3-2] [MQTT-2.3.1-6] until PUBREL a repeated PUBLISH is acknowledged and delivered once")
  func deliversOnceAtQoS2() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic, qos: .atMostOnce)
    let publisher = try hub.client311()
    for duplicate in [false, true, true] {
      try publisher.send(.publish(.make(topic, "once", qos: .exactlyOnce, duplicate: duplicate, id: 3)))
      try publisher.requireAcknowledgement(.pubrec, 3)
    }
    for _ in 0..<2 {
      try publisher.send(.pubrel(AcknowledgementPacket(packetIdentifier: 3)))
      try publisher.requireAcknowledgement(.pubcomp, 3)
    }
    try publisher.send(.publish(.make(topic, "new", qos: .exactlyOnce, id: 3)))
    try publisher.requireAcknowledgement(.pubrec, 3)
    try publisher.send(.pubrel(AcknowledgementPacket(packetIdentifier: 3)))
    try publisher.requireAcknowledgement(.pubcomp, 3)
    #expect(try client.requirePublishes(2).map(\.text) == ["once", "new"])
    try client.expectNothing()
  }

  @Test("3.1.1 [MQTT-4.3.3-2] [MQTT-4.1.0-1] not even the next connection of the session delivers it twice")
  func deliversOnceAcrossConnections() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let client = try hub.client311()
    try client.subscribe(topic, qos: .atMostOnce)
    let first = try hub.client311(name, clean: false)
    try first.send(.publish(.make(topic, "once", qos: .exactlyOnce, id: 3)))
    try first.requireAcknowledgement(.pubrec, 3)
    try first.disconnect()
    let second = try hub.client311(name, clean: false)
    try second.send(.publish(.make(topic, "once", qos: .exactlyOnce, duplicate: true, id: 3)))
    try second.requireAcknowledgement(.pubrec, 3)
    try second.disconnect()
    let third = try hub.client311(name, clean: false)
    try third.send(.pubrel(AcknowledgementPacket(packetIdentifier: 3)))
    try third.requireAcknowledgement(.pubcomp, 3)
    try third.publish(topic, "next", qos: .exactlyOnce)
    #expect(try client.requirePublishes(2).map(\.text) == ["once", "next"])
    try client.expectNothing()
  }

  @Test("3.1.1 [MQTT-4.3.3-2] a clean session begins with no identifier in use")
  func forgetsIdentifiersWithTheSession() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let client = try hub.client311()
    try client.subscribe(topic, qos: .atMostOnce)
    let first = try hub.client311(name)
    try first.send(.publish(.make(topic, "a", qos: .exactlyOnce, id: 3)))
    try first.requireAcknowledgement(.pubrec, 3)
    try first.disconnect()
    let second = try hub.client311(name)
    try second.send(.publish(.make(topic, "b", qos: .exactlyOnce, id: 3)))
    try second.requireAcknowledgement(.pubrec, 3)
    try second.send(.pubrel(AcknowledgementPacket(packetIdentifier: 3)))
    try second.requireAcknowledgement(.pubcomp, 3)
    #expect(try client.settle().compactMap(\.message?.text).last == "b")
  }

  @Test("3.1.1 [MQTT-4.3.3-1] PUBREL follows PUBREC, each time")
  func releasesEachTime() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic)
    try hub.client311().publish(topic, qos: .exactlyOnce)
    let identifier = try client.requirePublish().packetIdentifier
    for _ in 0..<2 {
      try client.send(.pubrec(AcknowledgementPacket(packetIdentifier: identifier)))
      try client.requireAcknowledgement(.pubrel, identifier)
    }
    try client.send(.pubcomp(AcknowledgementPacket(packetIdentifier: identifier)))
    try client.expectNothing()
  }

  @Test("3.1.1 [MQTT-4.6.0-2] [MQTT-4.6.0-3] [MQTT-4.6.0-6] PUBACK and PUBREC come in the order of their messages")
  func acknowledgesInOrder() async throws {
    let hub = try await LiveHub.shared()
    let topic = [UInt8](text: Unique.name())
    let publisher = try hub.client311()
    let identifiers = [7, 3, 900, 1, 65_535, 2, 8, 4] as [UInt16]
    for (flags, answer) in [(UInt8(0b010), PacketType.puback), (0b100, .pubrec)] {
      try publisher.send(identifiers.flatMap { Wire.publish311(topic, flags: flags, id: $0) })
      for identifier in identifiers { try publisher.requireAcknowledgement(answer, identifier) }
    }
  }

  @Test("3.1.1 [MQTT-4.6.0-4] [MQTT-4.6.0-6] PUBRELs come in the order of the PUBRECs")
  func releasesInOrder() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic)
    let publisher = try hub.client311()
    for _ in 0..<5 { try publisher.publish(topic, qos: .exactlyOnce) }
    let identifiers = try client.requirePublishes(5).map(\.packetIdentifier)
    let order = [2, 0, 4, 3, 1].map { identifiers[$0] }
    try client.send(order.flatMap { [0x50, 2] + Wire.uint16($0) })
    for identifier in order { try client.requireAcknowledgement(.pubrel, identifier) }
  }

  @Test(
    "3.1.1 [MQTT-4.6.0-5] [MQTT-4.6.0-6] a topic keeps the order of its publisher", arguments: QoS.allCases,
    [false, true])
  func keepsTheOrder(qos: QoS, isAway: Bool) async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    var client = try hub.client311(name, clean: false)
    try client.subscribe(topic, qos: qos)
    // QoS 0 is not kept for who is away.
    if isAway && qos != .atMostOnce { try client.disconnect() }
    let publisher = try hub.client311()
    try publisher.send(
      (1...200).flatMap { Wire.publish311(.init(text: topic), "\($0)", flags: qos.rawValue << 1, id: idAt(qos, $0)) })
    // Whether a message goes on at PUBLISH or at PUBREL is left open.
    if qos == .exactlyOnce { try publisher.send((1...200).flatMap { [0x62, 2] + Wire.uint16(UInt16($0)) }) }
    try publisher.settle()
    if isAway && qos != .atMostOnce { client = try hub.client311(name, clean: false) }
    var texts: [String] = []
    while texts.count < 200 {
      let packet = try client.read()
      guard case .publish(let message) = packet else { continue }
      texts.append(message.text)
      if qos == .atLeastOnce { try client.acknowledge(message) }
      if qos == .exactlyOnce {
        try client.send(.pubrec(AcknowledgementPacket(packetIdentifier: message.packetIdentifier)))
      }
    }
    #expect(texts == (1...200).map(String.init))
  }

  private func idAt(_ qos: QoS, _ number: Int) -> UInt16? { qos == .atMostOnce ? nil : UInt16(number) }
}

import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: repetition")
struct Redelivery311Tests {
  @Test(
    """
    3.1.1 [MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-2.3.1-4] [MQTT-4.6.0-1] [MQTT-4.6.0-6] [MQTT-4.3.2-1] [MQTT-4.3.3-1] \
    what is unacknowledged comes again in its order
    """, arguments: [QoS.atLeastOnce, .exactlyOnce], [false, true])
  func repeatsMessages(qos: QoS, says: Bool) async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name, clean: false)
    try first.subscribe(topic)
    let publisher = try hub.client311()
    for number in 0..<5 { try publisher.publish(topic, "\(number)", qos: qos) }
    let sent = try first.requirePublishes(5)
    #expect(sent.allSatisfy { !$0.duplicate && $0.qos == qos })
    // Two are done with; the others come again.
    try first.acknowledge(sent[1])
    try first.acknowledge(sent[3])
    try first.settle()
    if says { try first.disconnect() } else { first.closeSocket() }
    let second = try hub.client311(name, clean: false)
    #expect(second.isResumed)
    let again = try second.requirePublishes(3)
    #expect(again.map(\.text) == ["0", "2", "4"])
    #expect(again.map(\.packetIdentifier) == [0, 2, 4].map { sent[$0].packetIdentifier })
    #expect(again.allSatisfy { $0.duplicate && $0.qos == qos })
    try second.expectNothing()
  }

  @Test("3.1.1 [MQTT-4.4.0-1] [MQTT-4.3.3-1] after PUBREC it is PUBREL that comes again, and no PUBLISH")
  func repeatsPubrel() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name, clean: false)
    try first.subscribe(topic)
    let publisher = try hub.client311()
    for number in 0..<3 { try publisher.publish(topic, "\(number)", qos: .exactlyOnce) }
    let identifiers = try first.requirePublishes(3).map(\.packetIdentifier)
    for identifier in identifiers {
      try first.send(.pubrec(AcknowledgementPacket(packetIdentifier: identifier)))
      try first.requireAcknowledgement(.pubrel, identifier)
    }
    try first.disconnect()
    let second = try hub.client311(name, clean: false)
    for identifier in identifiers { try second.requireAcknowledgement(.pubrel, identifier) }
    try second.expectNothing()
    for identifier in identifiers { try second.send(.pubcomp(AcknowledgementPacket(packetIdentifier: identifier))) }
    try second.disconnect()
    let third = try hub.client311(name, clean: false)
    #expect(third.isResumed)
    try third.expectNothing()
  }

  @Test("3.1.1 [MQTT-4.4.0-1] [MQTT-2.3.1-4] what is repeated is completed, and what was queued follows it")
  func completesAfterRepeating() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name, clean: false)
    try first.subscribe(topic)
    let publisher = try hub.client311()
    try publisher.publish(topic, "begun", qos: .exactlyOnce)
    let begun = try first.requirePublish()
    try first.disconnect()
    try publisher.publish(topic, "queued", qos: .exactlyOnce)
    let second = try hub.client311(name, clean: false)
    let messages = try second.requirePublishes(2)
    #expect(messages.map(\.text) == ["begun", "queued"])
    #expect(messages.map(\.duplicate) == [true, false])
    #expect(messages[1].packetIdentifier != begun.packetIdentifier)
    for message in messages { try second.acknowledge(message) }
    try second.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.3.1-1] [MQTT-4.3.2-1] nothing comes again while the connection lasts")
  func waitsWithinAConnection() throws {
    let hub = VirtualHub()
    let client = hub.connect("name", version: .v3_1_1, clean: false)
    try client.subscribe("topic")
    hub.connect("other", version: .v3_1_1).publish("topic", "once", qos: .atLeastOnce)
    #expect(client.takeTexts() == ["once"])
    hub.advance(milliseconds: 24 * 3_600_000)
    #expect(client.take().isEmpty)
  }

  @Test(
    "3.1.1 [MQTT-3.3.1-3] DUP of the publisher is not the subscriber's", arguments: [QoS.atLeastOnce, .exactlyOnce])
  func keepsDuplicateToItself(qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic)
    let publisher = try hub.client311()
    try publisher.send(.publish(.make(topic, qos: qos, duplicate: true, id: 5)))
    if qos == .exactlyOnce { try publisher.send(.pubrel(AcknowledgementPacket(packetIdentifier: 5))) }
    try publisher.settle()
    let message = try client.requirePublish()
    #expect(!message.duplicate)
    #expect(message.qos == qos)
  }

  @Test("3.1.1 [MQTT-3.3.1-2] [MQTT-4.3.1-1] QoS 0 goes out without DUP and is not repeated")
  func leavesQoS0() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.client311(name, clean: false)
    try first.subscribe(topic)
    try hub.client311().publish(topic)
    #expect(try first.readPacketBytes() == Wire.publish311(.init(text: topic)))
    try first.disconnect()
    try hub.client311(name, clean: false).expectNothing()
  }
}

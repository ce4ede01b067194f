import MQTTProtocol
import Testing

/// §3.10, §3.11: UNSUBSCRIBE and UNSUBACK.
@Suite("MQTT 5.0 §3.10 UNSUBSCRIBE")
struct UnsubscribeTests {
  @Test(
    "5.0 [MQTT-3.10.3-2] [MQTT-4.13.1-1] an UNSUBSCRIBE without a filter, or with half of one, ends the connection",
    arguments: [[], [0, 9, 0x61]] as [[UInt8]])
  func malformedUnsubscribe(_ payload: [UInt8]) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(0xA2, [0, 1, 0], payload))
    try client.expectDisconnect(.malformedPacket, .protocolError)
  }

  @Test(
    """
    5.0 [MQTT-3.10.4-4] [MQTT-3.10.4-5] [MQTT-3.11.3-2] UNSUBACK comes with the identifier, though nothing was \
    subscribed
    """
  )
  func nothingSubscribed() async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 0x1234, filters: [Unique.name()])))
    let unsuback = try client.requireUnsuback()
    #expect(unsuback.packetIdentifier == 0x1234)
    #expect(unsuback.reasonCodes == [.noSubscriptionExisted])
  }

  @Test(
    "5.0 [MQTT-3.10.4-6] [MQTT-3.11.3-1] [MQTT-3.11.3-2] many filters get one UNSUBACK with a code for each, in order")
  func manyFilters() async throws {
    let client = try await LiveHub.shared().connect()
    let root = Unique.name()
    for filter in ["a", "b/#"] { try client.subscribe("\(root)/\(filter)") }
    let unsuback = try client.unsubscribe("\(root)/none", "\(root)/a", "\(root)/b/#", "\(root)/a")
    #expect(unsuback.reasonCodes == [.noSubscriptionExisted, .success, .success, .noSubscriptionExisted])
    try client.publish("\(root)/a")
    try client.publish("\(root)/b/c")
  }

  @Test("5.0 [MQTT-3.10.4-1] filters are compared character by character: no wildcard, no case, nothing like it")
  func exactComparison() async throws {
    let client = try await LiveHub.shared().connect()
    let root = Unique.name()
    try client.subscribe("\(root)/a/b")
    for other in ["#", "+/b", "a/+", "a/B", "a/b/", "/a/b", "a"] {
      #expect(try client.unsubscribe("\(root)/\(other)").reasonCodes == [.noSubscriptionExisted])
    }
    try client.send(.publish(.make("\(root)/a/b")))
    _ = try client.requirePublish()
    try client.subscribe("\(root)/+/b")
    #expect(try client.unsubscribe("\(root)/a/b").reasonCodes == [.success])
    try client.send(.publish(.make("\(root)/a/b")))
    _ = try client.requirePublish()
    #expect(try client.unsubscribe("\(root)/+/b").reasonCodes == [.success])
    try client.publish("\(root)/a/b")
  }

  @Test("5.0 [MQTT-3.10.4-2] nothing new comes after UNSUBACK")
  func nothingNew() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe(topic)
    try client.unsubscribe(topic)
    let publisher = try hub.connect()
    for qos in QoS.allCases { try publisher.publish(topic, qos: qos) }
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-3.10.4-3] what was begun at QoS 1 and 2 is brought to its end, on the next connection too")
  func begunIsCompleted() throws {
    let hub = VirtualHub()
    let lasting: Properties = [.sessionExpiryInterval(100)]
    let client = hub.connect("client", properties: lasting)
    try client.subscribe("t")
    let publisher = hub.connect("publisher")
    publisher.publish("t", "1", qos: .atLeastOnce)
    publisher.publish("t", "2", qos: .exactlyOnce)
    let identifiers = client.takeMessages().map(\.packetIdentifier)
    client.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 9, filters: ["t"])))
    client.send(.pubrec(AcknowledgementPacket(packetIdentifier: identifiers[1])))
    #expect(client.take().map(\.type) == [.unsuback, .pubrel])
    client.lose()
    let again = hub.connect("client", clean: false, properties: lasting)
    let packets = again.take()
    #expect(packets.compactMap(\.message).map(\.text) == ["1"])
    #expect(packets.contains(.pubrel(AcknowledgementPacket(packetIdentifier: identifiers[1]))))
    again.send(.puback(AcknowledgementPacket(packetIdentifier: identifiers[0])))
    again.send(.pubcomp(AcknowledgementPacket(packetIdentifier: identifiers[1])))
    again.lose()
    #expect(hub.connect("client", clean: false, properties: lasting).take() == [])
  }

  @Test("5.0 [MQTT-3.10.4-1] an unsubscription is part of the session")
  func unsubscriptionIsRemembered() throws {
    let hub = VirtualHub()
    let lasting: Properties = [.sessionExpiryInterval(100)]
    let client = hub.connect("client", properties: lasting)
    try client.subscribe("a")
    try client.subscribe("b")
    client.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 9, filters: ["a"])))
    client.lose()
    let publisher = hub.connect("publisher")
    for topic in ["a", "b"] { publisher.publish(topic, topic, qos: .atLeastOnce) }
    #expect(hub.connect("client", clean: false, properties: lasting).takeTexts() == ["b"])
  }
}

import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: packet identifiers")
struct PacketIdentifier311Tests {
  @Test(
    "3.1.1 [MQTT-2.3.1-1] an identifier of 0 closes",
    arguments: [
      Wire.subscribe311(id: 0, [0x61]), Wire.unsubscribe311(id: 0, [0x61]),
      Wire.publish311([0x61], flags: 0b010, id: 0), Wire.publish311([0x61], flags: 0b100, id: 0),
    ])
  func closesOnZero(packet: [UInt8]) async throws {
    try await LiveHub.shared().client311().expectClosed(after: packet)
  }

  @Test(
    "3.1.1 [MQTT-2.3.1-6] [MQTT-2.3.1-7] [MQTT-3.8.4-2] [MQTT-3.10.4-4] answers carry the identifier",
    arguments: [1, 0x00FF, 0x0100, 0x8000, 0xFFFF] as [UInt16])
  func answersWithTheIdentifier(id: UInt16) async throws {
    let client = try await LiveHub.shared().client311()
    let topic = [UInt8](text: Unique.name())
    let bytes = Wire.uint16(id)
    try client.send(Wire.subscribe311(id: id, topic))
    #expect(try client.readPacketBytes() == [0x90, 3] + bytes + [0])
    try client.send(Wire.unsubscribe311(id: id, topic))
    #expect(try client.readPacketBytes() == [0xB0, 2] + bytes)
    try client.send(Wire.publish311(topic, flags: 0b010, id: id))
    #expect(try client.readPacketBytes() == [0x40, 2] + bytes)
    try client.send(Wire.publish311(topic, flags: 0b100, id: id))
    #expect(try client.readPacketBytes() == [0x50, 2] + bytes)
    try client.send([0x62, 2] + bytes)
    #expect(try client.readPacketBytes() == [0x70, 2] + bytes)
  }

  @Test("3.1.1 [MQTT-2.3.1-1] [MQTT-2.3.1-4] [MQTT-4.3.2-1] [MQTT-4.3.3-1] no identifier is given while it is in use")
  func givesUnusedIdentifiers() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic)
    let publisher = try hub.client311()
    var inUse: Set<UInt16> = []
    for round in 0..<50 {
      try publisher.publish(topic, qos: round % 2 == 0 ? .atLeastOnce : .exactlyOnce)
      let message = try client.requirePublish()
      #expect(message.packetIdentifier != 0)
      #expect(inUse.insert(message.packetIdentifier).inserted)
      // Every third one is let go, so that its identifier may come again.
      guard round % 3 == 0 else { continue }
      try client.acknowledge(message)
      inUse.remove(message.packetIdentifier)
    }
  }

  @Test("3.1.1 [MQTT-2.3.1-5] [MQTT-4.3.1-1] QoS 0 has no identifier")
  func hasNoneAtQoS0() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.client311()
    try client.subscribe(topic)
    let publisher = try hub.client311()
    try publisher.send(Wire.publish311(.init(text: topic), "payload"))
    #expect(try client.readPacketBytes() == Wire.publish311(.init(text: topic), "payload"))
    try publisher.publish(topic, "q1", qos: .atLeastOnce)
    _ = try client.requirePublish()
    try client.subscribe(topic, qos: .atMostOnce)
    try publisher.publish(topic, "lowered", qos: .exactlyOnce)
    #expect(try client.readPacketBytes() == Wire.publish311(.init(text: topic), "lowered"))
  }
}

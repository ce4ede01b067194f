import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: the fixed header")
struct FixedHeader311Tests {
  @Test("3.1.1 [MQTT-2.2.2-1] the server's packets have their reserved bits")
  func writesReservedBits() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.sent311(Wire.connect311(Wire.string(Unique.name())))
    func next() throws -> [UInt8] { try client.readPacketBytes() ?? [] }
    #expect(try next() == [0x20, 2, 0, 0])
    try client.send(Wire.subscribe311(id: 7, .init(text: topic), options: 2))
    #expect(try next() == [0x90, 3, 0, 7, 2])
    try client.send(Wire.publish311(.init(text: topic), flags: 0b010, id: 8))
    // The message and its PUBACK, in either order.
    let first = try next()
    let second = try next()
    #expect([first, second].contains([0x40, 2, 0, 8]))
    let identifier = (first[0] == 0x40 ? second : first).dropFirst(4 + topic.utf8.count).prefix(2)
    try client.send([0x40, 2] + identifier)
    try client.send(Wire.publish311(.init(text: Unique.name()), flags: 0b100, id: 9))
    #expect(try next() == [0x50, 2, 0, 9])
    try client.send([0x62, 2, 0, 9])
    #expect(try next() == [0x70, 2, 0, 9])
    try client.send(Wire.publish311(.init(text: topic), flags: 0))
    #expect(try next().first == 0x30)
    try hub.client311().publish(topic, qos: .exactlyOnce)
    let message = try next()
    #expect(message[0] == 0x34)
    try client.send([0x50, 2] + message.dropFirst(4 + topic.utf8.count).prefix(2))
    #expect(try next().prefix(2) == [0x62, 2])
    try client.send(Wire.unsubscribe311(id: 10, .init(text: topic)))
    #expect(try next() == [0xB0, 2, 0, 10])
    try client.send([0xC0, 0])
    #expect(try next() == [0xD0, 0])
  }

  @Test(
    "3.1.1 [MQTT-2.2.2-2] [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1] [MQTT-3.14.1-1] other bits close",
    arguments: [
      (UInt8(0x40), UInt8(0), [0, 1] as [UInt8]), (0x50, 0, [0, 1]), (0x60, 2, [0, 1]), (0x70, 0, [0, 1]),
      (0x80, 2, [0, 1, 0, 1, 0x61, 0]), (0xA0, 2, [0, 1, 0, 1, 0x61]), (0xC0, 0, []), (0xE0, 0, []),
    ])
  func closesOnOtherBits(type: UInt8, right: UInt8, body: [UInt8]) async throws {
    let hub = try await LiveHub.shared()
    for flags in UInt8(0)...15 where flags != right {
      try hub.client311().expectClosed(after: Wire.packet(type | flags, body))
    }
  }

  @Test("3.1.1 [MQTT-2.2.2-2] [MQTT-3.1.4-1] a CONNECT with other bits closes", arguments: 1...15 as ClosedRange<UInt8>)
  func closesOnConnectBits(flags: UInt8) async throws {
    var connect = Wire.connect311(Wire.string(Unique.name()))
    connect[0] |= flags
    try await LiveHub.shared().sent311(connect).expectClosed()
  }

  @Test("3.1.1 [MQTT-3.3.1-4] QoS 3 closes", arguments: [0b0110, 0b0111, 0b1110, 0b1111] as [UInt8])
  func closesOnQoS3(flags: UInt8) async throws {
    let publish = Wire.publish311(.init(text: "a"), flags: flags, id: 1)
    try await LiveHub.shared().client311().expectClosed(after: publish)
  }

  @Test("3.1.1 [MQTT-3.3.1-2] DUP at QoS 0 closes", arguments: [0b1000, 0b1001] as [UInt8])
  func closesOnDuplicateAtQoS0(flags: UInt8) async throws {
    try await LiveHub.shared().client311().expectClosed(after: Wire.publish311(.init(text: "a"), flags: flags))
  }

  @Test("3.1.1 [MQTT-7.1.1-1] packets come in any pieces")
  func takesAnyPieces() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let bytes = {
      Wire.connect311(Wire.string(Unique.name())) + Wire.subscribe311(.init(text: topic))
        + Wire.publish311(.init(text: topic), "one") + [0xC0, 0]
    }
    let slow = try hub.open(version: .v3_1_1)
    for byte in bytes() { try slow.send([byte]) }
    for client in [slow, try hub.sent311(bytes())] {
      try client.requireConnack()
      #expect(try client.read().type == .suback)
      #expect(try client.requirePublish().topicText == topic)
    }
  }
}

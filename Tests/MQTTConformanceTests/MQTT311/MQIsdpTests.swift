import MQTTProtocol
import Testing

/// MQTT 3.1, which old firmware speaks: protocol name `MQIsdp`, level 3, served as 3.1.1.
@Suite("MQTT 3.1")
struct MQIsdpTests {
  @Test("3.1.1 [MQTT-3.1.2-1] a client of 3.1 is served as one of 3.1.1")
  func isServed() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.open(version: .v3_1)
    try client.send(Wire.connect311(name: "MQIsdp", level: 3, Wire.string(Unique.name())))
    #expect(try client.readPacketBytes() == [0x20, 2, 0, 0])
    try client.subscribe(topic)
    try client.publish("\(topic)/other", qos: .exactlyOnce)
    try hub.connect().publish(topic, "from 5.0", qos: .exactlyOnce, properties: [.contentType("text")])
    let message = try client.requirePublish()
    #expect(message.text == "from 5.0")
    try client.acknowledge(message)
    try client.unsubscribe(topic)
    try client.disconnect()
  }

  @Test(
    "3.1.1 [MQTT-3.1.2-2] name and level must fit each other",
    arguments: [("MQIsdp", UInt8(4)), ("MQIsdp", 5), ("MQTT", 3)])
  func isKnownByBoth(name: String, level: UInt8) async throws {
    let client = try await LiveHub.shared().sent311(Wire.connect311(name: name, level: level, Wire.string("name")))
    #expect(try client.readPacketBytes() == [0x20, 2, 0, 1])
    try client.expectClosed()
  }

  @Test("a session of 3.1 is resumed by 3.1.1 and 5.0, and the other way round")
  func sharesSessions() async throws {
    let hub = try await LiveHub.shared()
    let (topic, name) = (Unique.name(), Unique.name())
    let first = try hub.connect(name, version: .v3_1, clean: false)
    try first.subscribe(topic)
    try first.disconnect()
    let publisher = try hub.client311()
    for version in [ProtocolVersion.v3_1_1, .v5, .v3_1] {
      try publisher.publish(topic, "queued", qos: .atLeastOnce)
      let next = try hub.connect(
        name, version: version, clean: false, properties: version == .v5 ? [.sessionExpiryInterval(60)] : [])
      // CONNACK of 3.1 cannot say it.
      if version != .v3_1 { #expect(next.isResumed) }
      let message = try next.requirePublish()
      #expect(message.text == "queued")
      try next.acknowledge(message)
      try next.disconnect()
    }
  }

  @Test("3.1 §2.1 PUBREL, SUBSCRIBE and UNSUBSCRIBE may be sent again with DUP")
  func takesDuplicates() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect(version: .v3_1)
    for first in [0x82, 0x8A] as [UInt8] {
      try client.send(Wire.subscribe311(first: first, id: 7, .init(text: topic), options: 1))
      #expect(try client.readPacketBytes() == [0x90, 3, 0, 7, 1])
    }
    try hub.client311().publish(topic, "once", qos: .atLeastOnce)
    try client.acknowledge(client.requirePublish())
    try client.send(Wire.publish311(.init(text: topic), "twice released", flags: 0b100, id: 5))
    // The message goes out before its PUBREC or after.
    let packets = [try client.read(), try client.read()]
    #expect(packets.compactMap(\.message?.text) == ["twice released"])
    #expect(packets.contains(.pubrec(AcknowledgementPacket(packetIdentifier: 5))))
    try client.acknowledge(packets.lazy.compactMap(\.message).first ?? .make(topic))
    for first in [0x62, 0x6A] as [UInt8] {
      try client.send([first, 2, 0, 5])
      #expect(try client.readPacketBytes() == [0x70, 2, 0, 5])
    }
    for first in [0xA2, 0xAA] as [UInt8] {
      try client.send(Wire.unsubscribe311(first: first, id: 9, .init(text: topic)))
      #expect(try client.readPacketBytes() == [0xB0, 2, 0, 9])
    }
    try client.expectNothing()
  }

  @Test(
    "3.1 §2.1 only those three, and only in 3.1",
    arguments: [
      [0x48, 2, 0, 5], [0x58, 2, 0, 5], [0x6A, 2, 0, 5], [0x68, 2, 0, 5], [0x78, 2, 0, 5],
      [0x8A, 6, 0, 1, 0, 1, 0x61, 0], [0xAA, 5, 0, 1, 0, 1, 0x61], [0xC8, 0], [0xE8, 0],
    ] as [[UInt8]])
  func refusesOtherDuplicates(bytes: [UInt8]) async throws {
    let hub = try await LiveHub.shared()
    try hub.client311().expectClosed(after: bytes)
    let client = try hub.connect(version: .v5)
    try client.send(bytes)
    try client.expectDisconnect(.malformedPacket)
    guard ![0x6A, 0x8A, 0xAA].contains(bytes[0]) else { return }
    try hub.connect(version: .v3_1).expectClosed(after: bytes)
  }

  /// Connect Flags, the fields behind the client identifier, and whether all that the flags announce are there.
  static let credentials: [(flags: UInt8, fields: [String], areWhole: Bool)] = [
    (0x82, [], false), (0x82, [""], true), (0xC2, [], false), (0xC2, ["user"], false), (0xC2, ["user", "word"], true),
  ]

  @Test("3.1 §3.1 User Name and Password may be missing though their flags are set", arguments: credentials.indices)
  func takesAnnouncedFieldsThatAreMissing(index: Int) async throws {
    let hub = try await LiveHub.shared()
    let (flags, fields, areWhole) = Self.credentials[index]
    let payload = fields.flatMap(Wire.string)
    func connect31(_ rest: [UInt8]) -> [UInt8] {
      Wire.connect311(name: "MQIsdp", level: 3, flags: flags, Wire.string(Unique.name()), rest)
    }
    let client = try hub.open(version: .v3_1)
    try client.send(connect31(payload))
    #expect(try client.readPacketBytes() == [0x20, 2, 0, 0])
    try client.publish(Unique.name(), qos: .exactlyOnce)

    // What is there must be whole, and 3.1.1 wants all of it.
    try hub.sent311(connect31(payload + [0])).expectClosed()
    try hub.sent311(connect31(payload + [0, 2, 0x61])).expectClosed()
    guard !areWhole else { return }
    try hub.sent311(Wire.connect311(flags: flags, Wire.string(Unique.name()), payload)).expectClosed()
  }
}

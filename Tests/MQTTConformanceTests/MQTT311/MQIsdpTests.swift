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
}

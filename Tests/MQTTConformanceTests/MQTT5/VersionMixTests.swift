import MQTTProtocol
import MQTTTestSupport
import Testing

/// Clients of both versions at one server: each is spoken to in its own.
@Suite("MQTT 5.0 beside 3.1.1")
struct VersionMixTests {
  @Test(
    """
    5.0 [MQTT-3.3.2-17] [MQTT-4.3.1-1] a message reaches clients of either version, its properties those of MQTT 5 \
    only
    """,
    arguments: QoS.allCases)
  func messagesCross(_ qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let new = try hub.connect()
    let old = try hub.connect(version: .v3_1_1)
    for client in [new, old] {
      try client.send(
        .subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: topic, qos: qos)])))
      #expect(try client.requireSuback().reasonCodes == [ReasonCode(rawValue: qos.rawValue)])
    }
    let properties: Properties = [.contentType("c"), .userProperty("k", "v")]
    try hub.connect().publish(topic, "from 5", qos: qos, properties: properties)
    let received = try new.requirePublish()
    #expect(received.properties == properties)
    try new.acknowledge(received)
    let bytes = try #require(try old.readPacketBytes())
    let plain = try ControlPacket(bytes: bytes, version: .v3_1_1)
    #expect(plain.message?.text == "from 5")
    if let message = plain.message { try old.acknowledge(message) }

    try hub.connect(version: .v3_1_1).publish(topic, "from 3.1.1", qos: qos)
    let second = try new.requirePublish()
    #expect(second.text == "from 3.1.1")
    #expect(second.properties == [])
    #expect(try old.requirePublish().text == "from 3.1.1")
  }

  @Test("5.0 [MQTT-3.1.2-5] a session is one whichever version its client speaks")
  func sessionCrossesVersions() throws {
    let hub = VirtualHub()
    let old = hub.connect("client", version: .v3_1_1, clean: false)
    try old.subscribe("t", qos: .atLeastOnce)
    old.lose()
    let publisher = hub.connect("publisher")
    publisher.publish("t", "1", qos: .atLeastOnce, properties: [.contentType("c")])
    let new = hub.connect("client", clean: false, properties: [.sessionExpiryInterval(100)])
    #expect(new.connack?.sessionPresent == true)
    #expect(new.takeMessages().map(\.properties.contentType) == ["c"])
    new.lose()
    let again = hub.connect("client", version: .v3_1_1, clean: false)
    #expect(again.connack?.sessionPresent == true)
    #expect(again.takeTexts() == ["1"])
  }

  @Test(
    "5.0 [MQTT-3.1.4-3] a take-over tells the former client in its own version: 3.1.1 has no DISCONNECT from the server"
  )
  func takeOverAcrossVersions() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    let old = try hub.connect(name, version: .v3_1_1)
    let new = try hub.connect(name)
    try old.expectClosed()
    let older = try hub.connect(name, version: .v3_1_1)
    try new.expectDisconnect(.sessionTakenOver)
    try older.expectNothing()
  }
}

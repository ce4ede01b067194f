import MQTTBroker
import MQTTProtocol
import Testing

/// §3.1.2.10, §3.2.2.3.14, §3.12: silence.
@Suite("MQTT 5.0 §3.1.2.10 keep alive")
struct KeepAliveTests {
  @Test(
    """
    5.0 [MQTT-3.1.2-22] [MQTT-3.2.2-22] a client that is silent for one and a half times its keep alive is closed, \
    with its will
    """
  )
  func silenceEndsConnection() throws {
    let hub = VirtualHub()
    let watcher = hub.connect("watcher")
    try watcher.subscribe("will")
    let client = hub.connect("client", keepAlive: 10, will: WillTests.will("will"))
    hub.advance(seconds: 14)
    #expect(!client.isClosed)
    hub.advance(seconds: 3)
    #expect(client.isClosed)
    #expect(client.take() == [.disconnect(DisconnectPacket(reasonCode: .keepAliveTimeout))])
    #expect(watcher.takeTexts() == ["gone"])
  }

  @Test("5.0 [MQTT-3.1.2-22] any packet keeps a client alive")
  func anyPacketCounts() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", keepAlive: 10)
    let packets: [ControlPacket] = [
      .pingreq, .publish(.make("t")), .publish(.make("t", qos: .atLeastOnce, id: 1)),
      .subscribe(SubscribePacket(packetIdentifier: 2, subscriptions: [Subscription(filter: "t", qos: .atMostOnce)])),
      .unsubscribe(UnsubscribePacket(packetIdentifier: 3, filters: ["t"])),
    ]
    for packet in packets {
      hub.advance(seconds: 14)
      client.send(packet)
    }
    #expect(!client.isClosed)
    hub.advance(seconds: 17)
    #expect(client.isClosed)
  }

  @Test("5.0 [MQTT-3.1.2-22] what the server sends keeps nobody alive")
  func serverPacketsDoNotCount() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", keepAlive: 10)
    try client.subscribe("t")
    let publisher = hub.connect("publisher")
    for _ in 0..<17 {
      hub.advance(seconds: 1)
      publisher.publish("t")
    }
    #expect(client.isClosed)
  }

  @Test("5.0 [MQTT-3.1.2-22] keep alive 0 never ends")
  func noKeepAlive() {
    let hub = VirtualHub()
    let client = hub.connect("client", keepAlive: 0)
    hub.advance(milliseconds: 1_000_000_000)
    #expect(!client.isClosed)
  }

  @Test("5.0 [MQTT-3.2.2-22] where CONNACK says no Server Keep Alive the client's own holds")
  func clientKeepAliveHolds() async throws {
    let client = try await LiveHub.shared().connect(keepAlive: 65_535)
    #expect(client.connack?.properties.serverKeepAlive == nil)
  }

  @Test(
    "5.0 [MQTT-3.2.2-22] [MQTT-3.1.2-22] a Server Keep Alive is said in CONNACK and enforced",
    arguments: [0, 60] as [UInt16])
  func serverKeepAlive(_ asked: UInt16) {
    var limits = BrokerLimits()
    limits.maximumKeepAlive = 20
    let hub = VirtualHub(limits: limits)
    let client = hub.connect("client", keepAlive: asked)
    #expect(client.connack?.properties.serverKeepAlive == 20)
    let modest = hub.connect("modest", keepAlive: 10)
    #expect(modest.connack?.properties.serverKeepAlive == nil)
    hub.advance(seconds: 17)
    #expect(modest.isClosed)
    #expect(!client.isClosed)
    hub.advance(seconds: 17)
    #expect(client.isClosed)
  }

  @Test("5.0 [MQTT-3.12.4-1] each PINGREQ is answered by one PINGRESP")
  func ping() async throws {
    let client = try await LiveHub.shared().connect()
    for _ in 0..<3 { try client.send(.pingreq, .pingreq) }
    for _ in 0..<6 { #expect(try client.readPacketBytes() == [0xD0, 0]) }
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-3.1.4-1] a connection that says nothing is closed in the end")
  func noConnect() {
    var limits = BrokerLimits()
    limits.connectTimeout = 5_000
    let hub = VirtualHub(limits: limits)
    let client = hub.open()
    hub.advance(seconds: 3)
    #expect(!client.isClosed)
    hub.advance(seconds: 4)
    #expect(client.isClosed)
    #expect(client.take() == [])
  }
}

import MQTTProtocol
import Testing

@testable import MQTTBroker

@Suite struct BrokerConnectTests {
  private func connack(_ client: TestClient) -> ConnackPacket? {
    for case .connack(let connack) in client.output.packets { return connack }
    return nil
  }

  @Test func anUnnamedClientGetsAName() {
    let broker = TestBroker()
    let client = broker.open()
    client.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "")))
    #expect(connack(client)?.reasonCode == .success)
    #expect(connack(client)?.properties.assignedClientIdentifier?.hasPrefix("hub-") == true)

    // 3.1.1: only with a clean session [MQTT-3.1.3-8].
    let old = broker.open()
    old.send(.connect(ConnectPacket(version: .v3_1_1, cleanStart: false, clientIdentifier: "")))
    #expect(connack(old)?.reasonCode == .clientIdentifierNotValid)
    #expect(old.output.isClosed)
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5]) func theFirstPacketMustBeConnect(version: ProtocolVersion) {
    let broker = TestBroker()
    let client = broker.open()
    client.send(.pingreq)
    #expect(client.output.isClosed)
    #expect(broker.sink.events.isEmpty)
    #expect(broker.broker.statistics.connections == 0)
  }

  @Test func aSecondConnectEndsTheConnection() {
    let broker = TestBroker()
    let client = broker.client("a")
    client.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "a")))
    #expect(client.output.packets == [.disconnect(DisconnectPacket(reasonCode: .protocolError))])
    #expect(client.output.isClosed)
  }

  @Test func enhancedAuthenticationIsRefusedByName() {
    let client = TestBroker().open()
    client.send(
      .connect(ConnectPacket(version: .v5, clientIdentifier: "a", properties: [.authenticationMethod("SCRAM")])))
    #expect(connack(client)?.reasonCode == .badAuthenticationMethod)
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5]) func aForeignWillIsRefusedAtConnect(version: ProtocolVersion) {
    let broker = TestBroker()
    for topic in ["v1/devices/a/presence", "v1/devices/a/nonsense", "$SYS/x"] {
      let client = broker.open()
      client.send(
        .connect(
          ConnectPacket(
            version: version, clientIdentifier: "a",
            will: Will(topic: topic, payload: [], qos: .atMostOnce, retain: false))
        ))
      #expect(connack(client)?.reasonCode == .notAuthorized, "will on \(topic)")
      #expect(client.output.isClosed)
    }
  }

  @Test(arguments: [0, 1]) func aTakeOverEndsTheFormerConnectionFirst(otherShard: Int) {
    let broker = TestBroker(shards: 2)
    let watcher = broker.client("watcher", shard: 0)
    watcher.subscribe("#")
    _ = watcher.output.takeAll()
    let will = Will(topic: "v1/devices/a/status", payload: Array("offline".utf8), qos: .atMostOnce, retain: false)
    let former = broker.client("a", shard: 0, will: will)
    former.subscribe("x/#")
    _ = former.output.takeAll()

    let next = broker.open(shard: otherShard)
    next.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "a")))
    #expect(former.output.packets == [.disconnect(DisconnectPacket(reasonCode: .sessionTakenOver))])
    #expect(former.output.isClosed)
    #expect(connack(next)?.reasonCode == .success)
    #expect(next.output.isPaused == false)
    #expect(watcher.takeMessages() == ["v1/devices/a/status offline"])
    let events = broker.sinks.flatMap(\.events)
    #expect(events.contains("disconnected a takenOver"))

    // The former's subscriptions are gone, the name is the new one's.
    watcher.publish("x/y", "1")
    #expect(next.takeMessages().isEmpty)
    #expect(former.output.packets.count == 1)
    #expect(broker.broker.statistics.connections == 2)
  }

  @Test func tooManyConnectionsAreToldSo() {
    var limits = BrokerLimits()
    limits.maximumConnections = 1
    let broker = TestBroker(limits: limits)
    _ = broker.client("a")
    let second = broker.open()
    second.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "b")))
    #expect(connack(second)?.reasonCode == .quotaExceeded)
    #expect(second.output.isClosed)
  }

  @Test func silenceEndsConnections() {
    let broker = TestBroker()
    let mute = broker.open()
    let will = Will(topic: "gone", payload: [1], qos: .atMostOnce, retain: false)
    let silent = broker.client("silent", keepAlive: 5, will: will)
    let watcher = broker.client("watcher")
    watcher.subscribe("gone")
    _ = watcher.output.takeAll()
    broker.advance(milliseconds: 7_500)
    #expect(!silent.output.isClosed)
    broker.advance(milliseconds: 1)
    #expect(silent.output.packets == [.disconnect(DisconnectPacket(reasonCode: .keepAliveTimeout))])
    #expect(watcher.takeMessages().count == 1)
    broker.advance(milliseconds: 3_000)
    #expect(mute.output.isClosed)
    #expect(!watcher.output.isClosed)
  }

  @Test(arguments: [
    (ProtocolVersion.v5, UInt16(0), UInt16?(60)), (.v5, 90, 60), (.v5, 30, nil), (.v3_1_1, 0, nil), (.v3_1_1, 90, nil),
  ]) func theKeepAliveLimitIsToldToThoseWhoCanBeTold(version: ProtocolVersion, asked: UInt16, told: UInt16?) {
    var limits = BrokerLimits()
    limits.maximumKeepAlive = 60
    let broker = TestBroker(limits: limits)
    let client = broker.open()
    client.send(.connect(ConnectPacket(version: version, keepAlive: asked, clientIdentifier: "c")))
    #expect(connack(client)?.properties.serverKeepAlive == told)
    // Held to what was agreed, or to what 3.1.1 asked for.
    broker.advance(milliseconds: 90_001)
    #expect(client.output.isClosed == (version == .v5))
  }

  /// Three connections of one client while the first is still being ended on another loop: one lives at a time, and
  /// none gets CONNACK before its forerunners are gone.
  @Test(arguments: [0, 1], [false, true]) func takeOversInAChainKeepOneConnection(thirdShard: Int, secondGoesAway: Bool)
  {
    let broker = TestBroker(shards: 2)
    let first = broker.client("a", shard: 0)
    let second = broker.open(shard: 1)
    let third = broker.open(shard: thirdShard)
    let connect = ControlPacket.connect(ConnectPacket(version: .v5, clientIdentifier: "a"))
    second.send(connect, drains: false)
    #expect(second.output.packets.isEmpty && second.output.isPaused)
    if secondGoesAway { second.lost(drains: false) }
    third.send(connect, drains: false)
    #expect(third.output.packets.isEmpty, "the first is still there")
    broker.run()
    #expect(first.output.isClosed && second.output.isClosed && !third.output.isClosed)
    #expect(second.output.packets.isEmpty, "no DISCONNECT to whom no CONNACK went")
    #expect(connack(third)?.reasonCode == .success)
    #expect(!third.output.isPaused)
    let events = broker.sinks.flatMap(\.events)
    #expect(events.filter { $0 == "connected a" }.count == 2)
    #expect(events.filter { $0.hasPrefix("disconnected a") } == ["disconnected a takenOver"])
    #expect(broker.broker.statistics.connections == 1)
    // The name is the third's: a fourth takes over from it.
    let fourth = broker.client("a", shard: 1)
    #expect(third.output.isClosed && !fourth.output.isClosed)
  }

  @Test func aNameWhoseHeirWentAwayIsFree() {
    let broker = TestBroker(shards: 2)
    _ = broker.client("a", shard: 0)
    let second = broker.open(shard: 1)
    second.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "a")), drains: false)
    second.lost(drains: false)
    broker.run()
    #expect(broker.broker.statistics.connections == 0)
    let third = broker.open()
    third.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "a")), drains: false)
    #expect(connack(third)?.reasonCode == .success)
  }

  /// The will of the old connection must not overwrite what the new one says in the same read.
  @Test func theWillOfATakeOverComesBeforeTheNewWord() {
    let broker = TestBroker()
    let will = Will(topic: "v1/devices/a/status", payload: Array("offline".utf8), qos: .atMostOnce, retain: true)
    _ = broker.client("a", will: will)
    let next = broker.open()
    next.send(together: [
      .connect(ConnectPacket(version: .v5, clientIdentifier: "a")),
      .publish(TestClient.publish("v1/devices/a/status", "online", retain: true)),
    ])
    #expect(broker.sink.events.filter { $0.hasPrefix("received") }.last == "received v1/devices/a/status online")
    let reader = broker.client("reader")
    reader.subscribe("v1/devices/a/status")
    #expect(reader.takeMessages() == ["v1/devices/a/status online"])
  }

  @Test func whoTakesNothingOrSendsHalfAPacketIsClosedInTheEnd() {
    let broker = TestBroker()
    let full = broker.client("full", keepAlive: 5)
    let half = broker.client("half")
    full.output.isFull = true
    half.connection.partialPacketSince = broker.time.monotonic
    broker.advance(milliseconds: 30_000)
    #expect(!full.output.isClosed, "while nothing is read from it, its silence is not its fault")
    #expect(!half.output.isClosed)
    broker.advance(milliseconds: 60_001)
    #expect(full.output.isClosed && half.output.isClosed)
  }

  @Test func wills() {
    let broker = TestBroker()
    let watcher = broker.client("watcher")
    watcher.subscribe("will/#")
    _ = watcher.output.takeAll()
    func will(_ name: String) -> Will {
      Will(topic: "will/\(name)", payload: Array(name.utf8), qos: .atLeastOnce, retain: true)
    }
    broker.client("polite", will: will("polite")).send(.disconnect(DisconnectPacket()))
    broker.client("dramatic", will: will("dramatic")).send(
      .disconnect(DisconnectPacket(reasonCode: .disconnectWithWill)))
    broker.client("lost", will: will("lost")).lost()
    broker.client("wrong", will: will("wrong")).send(
      .suback(SubackPacket(packetIdentifier: 1, reasonCodes: [.success])))
    #expect(watcher.takeMessages() == ["will/dramatic dramatic", "will/lost lost", "will/wrong wrong"])
  }

  @Test func theStopTellsEveryoneAndPublishesWills() {
    let broker = TestBroker()
    let watcher = broker.client("watcher")
    watcher.subscribe("will")
    _ = watcher.output.takeAll()
    let old = broker.client(
      "old", version: .v3_1_1, will: Will(topic: "will", payload: [1], qos: .atMostOnce, retain: false))
    broker.shards[0].shutDown(at: broker.time)
    #expect(watcher.output.packets.count == 2)
    #expect(watcher.output.packets.last == .disconnect(DisconnectPacket(reasonCode: .serverShuttingDown)))
    #expect(old.output.packets.isEmpty)
    #expect(old.output.isClosed)
    #expect(broker.broker.statistics.connections == 0)
  }
}

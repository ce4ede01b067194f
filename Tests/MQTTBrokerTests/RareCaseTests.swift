import MQTTProtocol
import MQTTTestSupport
import Testing

@testable import MQTTBroker

/// Cases that no ordinary client meets, by the clause that decides them.
@Suite struct RareCaseTests {
  private func persistent(
    _ broker: TestBroker, _ name: String, shard: Int = 0, will: Will? = nil, drains: Bool = true
  ) -> TestClient {
    let client = broker.open(shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: false, clientIdentifier: name, will: will,
          properties: [.sessionExpiryInterval(1_000)])), drains: drains)
    return client
  }

  private func subscribeNoLocal(_ client: TestClient, _ filter: String) {
    client.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1, subscriptions: [Subscription(filter: filter, qos: .atLeastOnce, noLocal: true)])))
  }

  /// `me` is longer than a name of one character, and the topic would be longer than a string may be.
  @Test func aTopicThatIsTooLongWithMeKeepsItsName() {
    let broker = TestBroker()
    let device = broker.client("x")
    device.subscribe("v1/devices/me/commands/+/result")
    _ = device.output.takeAll()
    let frame = "v1/devices/x/commands//result".utf8.count
    let topic = "v1/devices/x/commands/\(String(repeating: "x", count: 65_535 - frame))/result"
    broker.broker.publish(HubPublish(topic: Array(topic.utf8), payload: Array("{}".utf8)))
    broker.run()
    #expect(device.takeMessages() == ["\(topic) {}"])
  }

  @Test(arguments: [QoS.atLeastOnce, .exactlyOnce]) func whatCameBeforeDisconnectIsAcknowledged(_ qos: QoS) {
    let broker = TestBroker()
    let will = Will(topic: "will", payload: [1], qos: .atMostOnce, retain: false, properties: [])
    let reader = broker.client("reader")
    reader.subscribe("#")
    _ = reader.output.takeAll()
    let client = broker.client("a", will: will)
    client.send(together: [
      .publish(TestClient.publish("t", "x", qos: qos, id: 1)), .disconnect(DisconnectPacket()), .pingreq,
    ])
    #expect(client.output.packets.map(\.type) == [qos == .atLeastOnce ? .puback : .pubrec])
    #expect(client.output.isClosed)
    #expect(reader.takeMessages() == ["t x"], "and no will")
    #expect(broker.sink.events.last == "disconnected a byClient")
  }

  @Test(arguments: [true, false]) func aDisconnectThatWaitsForACommitSaysHowItEnds(keepsWill: Bool) {
    let queue = ManualCommitQueue()
    let broker = TestBroker(commitQueue: queue)
    let reader = broker.client("reader")
    reader.subscribe("#")
    _ = reader.output.takeAll()
    let will = Will(topic: "will", payload: [1], qos: .atMostOnce, retain: false, properties: [])
    let client = persistent(broker, "a", will: will)
    queue.commit()
    broker.run()
    _ = client.output.takeAll()
    client.send(together: [
      .publish(TestClient.publish("t", "x", qos: .exactlyOnce, id: 1)),
      .disconnect(DisconnectPacket(reasonCode: keepsWill ? ReasonCode(rawValue: 4) : .success)),
    ])
    #expect(!client.output.isClosed)
    // The client closes too, as it has said.
    if keepsWill { client.lost() }
    for _ in 0..<3 {
      queue.commit()
      broker.run()
    }
    #expect(client.output.packets.map(\.type) == (keepsWill ? [] : [.pubrec]))
    #expect(client.output.isClosed)
    #expect(reader.takeMessages().sorted() == (keepsWill ? ["t x", "will \u{1}"] : ["t x"]))
    #expect(broker.broker.connectionCount == 1)
  }

  @Test func levelsAreLimitedAndTheLimitIsSaid() {
    var limits = BrokerLimits()
    limits.maximumTopicLevels = 3
    let broker = TestBroker(limits: limits)
    let client = broker.client("a")
    client.publish("a/b/c", "x", qos: .atLeastOnce, id: 1)
    client.publish("a/b/c/d", "x", qos: .atLeastOnce, id: 2)
    let codes = client.output.takeAll().compactMap {
      if case .puback(let puback) = $0 { puback.reasonCode } else { nil }
    }
    #expect(codes == [.noMatchingSubscribers, .topicNameInvalid])
    #expect(client.subscribe("a/+/c", "a/+/c/d") == [ReasonCode(rawValue: 2), .topicFilterInvalid])
    let late = broker.open()
    let will = Will(topic: "a/b/c/d", payload: [1], qos: .atMostOnce, retain: false, properties: [])
    late.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "b", will: will)))
    #expect(late.output.packets == [.connack(ConnackPacket(sessionPresent: false, reasonCode: .topicNameInvalid))])
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5], QoS.allCases)
  func whatIsNotRetainedForWantOfRoomIsDeliveredWhereNobodyCanBeTold(_ version: ProtocolVersion, _ qos: QoS) {
    var limits = BrokerLimits()
    limits.maximumRetainedMessages = 0
    let broker = TestBroker(limits: limits)
    let reader = broker.client("reader")
    reader.subscribe("#")
    _ = reader.output.takeAll()
    broker.client("a", version: version).publish("r", "x", qos: qos, retain: true, id: qos == .atMostOnce ? 0 : 1)
    #expect(reader.takeMessages() == (version == .v5 && qos != .atMostOnce ? [] : ["r x"]))
    #expect(broker.broker.statistics.dropped.retainedFull == 1)
  }

  @Test func unknownReleasesDoNotRaiseReceiveMaximum() {
    var limits = BrokerLimits()
    limits.receiveMaximum = 2
    let client = TestBroker(limits: limits).client("a")
    for id in UInt16(1)...2 { client.publish("t", "x", qos: .exactlyOnce, id: id) }
    for id in UInt16(100)...103 { client.send(.pubrel(AcknowledgementPacket(packetIdentifier: id))) }
    client.publish("t", "x", qos: .exactlyOnce, id: 3)
    #expect(client.output.packets.last == .disconnect(DisconnectPacket(reasonCode: .receiveMaximumExceeded)))
  }

  @Test("[MQTT-3.8.3-3] No Local goes by the client identifier, not by the session")
  func noLocalOfWhatAFormerSessionRetained() {
    let broker = TestBroker()
    let first = broker.client("a")
    first.publish("r", "mine", retain: true)
    first.publish("r/2", "mine", qos: .exactlyOnce, retain: true, id: 1)
    first.send(.disconnect(DisconnectPacket()))
    let again = broker.client("a")
    subscribeNoLocal(again, "r/#")
    #expect(again.takeMessages().isEmpty)
    let other = broker.client("b")
    subscribeNoLocal(other, "r/#")
    #expect(other.takeMessages().count == 2)
  }

  @Test("[MQTT-3.8.3-3] A will is a message of its client") func noLocalOfAWill() {
    let broker = TestBroker()
    let client = persistent(
      broker, "a", will: Will(topic: "w", payload: [1], qos: .atLeastOnce, retain: false, properties: []))
    subscribeNoLocal(client, "w")
    let other = persistent(broker, "b")
    subscribeNoLocal(other, "w")
    client.lost()
    #expect(persistent(broker, "a").takeMessages().isEmpty)
    #expect(other.takeMessages().count == 1)
  }

  @Test(arguments: 0..<8) func anAliasDoesNotMakeAMessageTooLarge(spare: Int) {
    let broker = TestBroker()
    let payload = String(repeating: "x", count: 50)
    let packet = ControlPacket.publish(TestClient.publish("a", payload))
    let client = broker.client(
      "a", properties: [.topicAliasMaximum(1), .maximumPacketSize(UInt32(packet.encodedSize(version: .v5) + spare))])
    client.subscribe("a")
    _ = client.output.takeAll()
    broker.client("writer").publish("a", payload)
    #expect(client.takeMessages() == ["a \(payload)"])
  }

  @Test func theNamesOfAliasesAreCounted() {
    let broker = TestBroker()
    let client = broker.client("a", properties: [.topicAliasMaximum(16)])
    client.subscribe("#", qos: .atMostOnce)
    let before = broker.broker.memory.stateBytes
    let writer = broker.client("writer")
    for index in 0..<20 { writer.publish(String(repeating: "x", count: 10_000) + "\(index)", "y") }
    #expect(broker.broker.memory.stateBytes - before >= 16 * 10_000)
    client.lost()
    #expect(broker.broker.memory.stateBytes == 0)
  }

  @Test func aliasesStopWhereMemoryForThemIsFull() {
    var limits = BrokerLimits()
    limits.totalStateBytes = 5_000
    let broker = TestBroker(limits: limits)
    let client = broker.client("a", properties: [.topicAliasMaximum(16)])
    client.subscribe("#", qos: .atMostOnce)
    _ = client.output.takeAll()
    let writer = broker.client("writer")
    for index in 0..<20 { writer.publish(String(repeating: "x", count: 1_000) + "\(index)", "y") }
    #expect(client.takeMessages().count == 20)
    #expect(broker.broker.memory.stateBytes <= 5_000)
  }

  @Test func theWillOfASessionBetweenTwoLoopsIsPublishedAtTheStop() {
    let broker = TestBroker(shards: 2)
    let first = persistent(
      broker, "a", shard: 0,
      will: Will(topic: "w", payload: [1], qos: .atMostOnce, retain: true, properties: [.willDelayInterval(100)]))
    first.lost()
    let second = persistent(broker, "a", shard: 1, drains: false)
    // The claim, the fence and its answer: the session is in the mailbox of the other loop.
    for shard in [0, 1, 0] { broker.shards[shard].drainMailbox(at: broker.time) }
    second.lost(drains: false)
    for shard in broker.shards { shard.shutDown(at: broker.time) }
    #expect(broker.broker.retainedUsage.count == 1)
  }

  @Test func whatIsRefusedIsCounted() {
    let broker = TestBroker()
    let surplus = broker.open()
    broker.shards[0].refuse(
      ConnectPacket(version: .v5, clientIdentifier: "a"), .quotaExceeded, on: surplus.connection, at: broker.time)
    broker.shards[0].endedRead(at: broker.time)
    #expect(broker.broker.statistics.connectionsRefused == 1)
    #expect(broker.broker.statistics.connectsReceived == 1)
    #expect(broker.broker.statistics.packetsReceived == 1)
    #expect(broker.broker.statistics.protocolErrors == 0)
    broker.client("b").send(.pingresp)
    #expect(broker.broker.statistics.protocolErrors == 1)
  }
}

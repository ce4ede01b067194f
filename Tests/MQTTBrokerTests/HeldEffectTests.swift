import MQTTProtocol
import MQTTTestSupport
import Testing

@testable import MQTTBroker

/// Acknowledged means committed, also where one commit follows from another; and what waits for commits has its bounds.
@Suite struct HeldEffectTests {
  private let queue = ManualCommitQueue()

  private func broker(_ limits: BrokerLimits = BrokerLimits(), shards: Int = 1) -> TestBroker {
    TestBroker(shards: shards, limits: limits, commitQueue: queue)
  }

  private func persistent(
    _ broker: TestBroker, _ name: String, will: Will? = nil, drains: Bool = true
  ) -> TestClient {
    let client = broker.open()
    client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: false, clientIdentifier: name, will: will,
          properties: [.sessionExpiryInterval(1_000)])), drains: drains)
    return client
  }

  private func commit(_ broker: TestBroker, times: Int = 4) {
    for _ in 0..<times {
      queue.commit()
      broker.run()
    }
  }

  private func types(_ client: TestClient) -> [PacketType] { client.output.takeAll().map(\.type) }

  @Test(arguments: [QoS.atLeastOnce, .exactlyOnce]) func acknowledgesARetainedMessageAfterItsRecord(_ qos: QoS) {
    let broker = broker()
    let writer = broker.client("writer")
    writer.publish("r", "x", qos: qos, retain: true, id: 1)
    #expect(broker.broker.retainedUsage.count == 1)
    #expect(types(writer).isEmpty)
    commit(broker)
    #expect(types(writer) == [qos == .atLeastOnce ? .puback : .pubrec])
  }

  @Test(arguments: [QoS.atLeastOnce, .exactlyOnce]) func acknowledgesWhatIsQueuedAfterItsRecord(_ qos: QoS) {
    let broker = broker()
    let reader = persistent(broker, "reader")
    commit(broker)
    reader.subscribe("a")
    reader.lost()
    commit(broker)
    let writer = broker.client("writer")
    writer.publish("a", "x", qos: qos, id: 1)
    #expect(types(writer).isEmpty)
    commit(broker)
    #expect(types(writer) == [qos == .atLeastOnce ? .puback : .pubrec])
  }

  @Test func answersKeepTheirOrderBehindASecondCommit() {
    let broker = broker()
    let reader = persistent(broker, "reader")
    commit(broker)
    reader.subscribe("a")
    reader.lost()
    commit(broker)
    let writer = persistent(broker, "writer")
    commit(broker)
    _ = types(writer)
    writer.send(together: [
      .publish(TestClient.publish("a", "1", qos: .exactlyOnce, id: 1)),
      .publish(TestClient.publish("a", "2", qos: .atLeastOnce, id: 2)),
    ])
    commit(broker)
    #expect(types(writer) == [.pubrec, .puback])
  }

  @Test func connackWaitsForItsOwnRecord() {
    let broker = broker()
    let first = persistent(broker, "a")
    commit(broker)
    #expect(types(first) == [.connack])
    let second = persistent(broker, "a")
    #expect(types(second).isEmpty)
    commit(broker, times: 1)
    #expect(types(second) == [.connack])
  }

  @Test func aRefusalThatNeverLeftIsSaidAgain() {
    var limits = BrokerLimits()
    limits.maximumRetainedMessages = 0
    let broker = broker(limits)
    let writer = persistent(broker, "writer")
    commit(broker)
    writer.publish("r", "x", qos: .exactlyOnce, retain: true, id: 7)
    writer.lost()
    commit(broker)
    let again = persistent(broker, "writer")
    commit(broker)
    _ = again.output.takeAll()
    var publish = TestClient.publish("r", "x", qos: .exactlyOnce, retain: true, id: 7)
    publish.duplicate = true
    again.send(.publish(publish))
    commit(broker)
    guard case .pubrec(let pubrec) = again.output.packets.first else {
      Issue.record("no PUBREC")
      return
    }
    #expect(pubrec.reasonCode == .quotaExceeded)
    again.send(.disconnect(DisconnectPacket(reasonCode: .success, properties: [.sessionExpiryInterval(0)])))
    commit(broker)
    #expect(broker.broker.memory.stateBytes == 0)
  }

  @Test func theWillOfAConnectionThatIsLostBeforeItsConnackStands() {
    let broker = broker()
    let will = Will(topic: "will", payload: [1], qos: .atMostOnce, retain: false, properties: [.willDelayInterval(5)])
    let watcher = broker.client("watcher")
    watcher.subscribe("will")
    let first = persistent(broker, "a", will: will)
    commit(broker)
    _ = watcher.output.takeAll()
    first.lost()
    commit(broker)
    broker.advance(milliseconds: 1_000)
    persistent(broker, "a", will: will).lost()
    commit(broker)
    broker.advance(milliseconds: 10_000)
    #expect(watcher.takeMessages().count == 1)
  }

  // MARK: Bounds

  @Test(arguments: [0, 64 * 1024 * 1024]) func whoeverHasTooMuchWaitingIsNotReadFrom(total: Int) {
    var limits = BrokerLimits()
    limits.heldBytes = 20_000
    limits.totalHeldBytes = total
    let broker = broker(limits)
    let client = persistent(broker, "a")
    commit(broker)
    let other = persistent(broker, "b")
    commit(broker)
    var sent = 0
    while !client.output.isPaused, sent < 10_000 {
      sent += 1
      // Refused for want of an exchange, so that nothing else bounds them.
      client.send(together: [
        .publish(TestClient.publish("a", "x", qos: .exactlyOnce, id: 1)),
        .pubrel(AcknowledgementPacket(packetIdentifier: 9)),
      ])
    }
    #expect(sent <= (total == 0 ? 1 : 100))
    #expect(broker.broker.memory.heldBytes > 0)
    #expect(!other.output.isPaused)
    commit(broker)
    #expect(!client.output.isPaused)
    #expect(broker.broker.memory.heldBytes == 0)
  }

  @Test func aLongChainOfClaimsIsBoundedAndEnds() {
    var limits = BrokerLimits()
    limits.maximumConnections = 500
    let broker = broker(limits)
    _ = persistent(broker, "a")
    commit(broker)
    let all = (0..<1_000).map { _ in persistent(broker, "a", drains: false) }
    #expect(broker.shards[0].awaited.count <= 500)
    commit(broker)
    #expect(broker.broker.connectionCount == 1)
    #expect(all.count { types($0).contains(.connack) } >= 500, "all further ones are refused, one is accepted")
    #expect(broker.shards[0].awaited.isEmpty)
  }
}

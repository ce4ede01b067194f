import MQTTProtocol
import Testing

@testable import MQTTBroker

/// Limits of all clients together: the biggest user loses first (docs/decisions/0013).
@Suite struct MemoryTests {
  private func persistent(_ broker: TestBroker, _ name: String, shard: Int = 0) -> TestClient {
    let client = broker.open(shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: false, clientIdentifier: name, properties: [.sessionExpiryInterval(1_000)])))
    _ = client.output.takeAll()
    return client
  }

  private func limits(total: Int) -> BrokerLimits {
    var limits = BrokerLimits()
    limits.totalOutputBytes = total
    limits.sessionQueueMessages = 100_000
    return limits
  }

  private func publish(_ writer: TestClient, _ topic: String, bytes: Int) {
    writer.publish(topic, String(repeating: "x", count: bytes), qos: .atLeastOnce, id: 1)
    _ = writer.output.takeAll()
  }

  @Test(arguments: [0, 1]) func theBiggestUserMakesRoomForTheSmall(shardOfSmall: Int) {
    let total = 64 * 1024
    let broker = TestBroker(shards: 2, limits: limits(total: total))
    for (name, shard) in [("big", 0), ("small", shardOfSmall)] {
      let client = persistent(broker, name, shard: shard)
      client.subscribe(name)
      client.lost()
    }
    let writer = broker.client("writer", shard: 0)
    for _ in 0..<70 { publish(writer, "big", bytes: 1_000) }
    broker.advance(milliseconds: 1_000)
    for _ in 0..<20 {
      publish(writer, "small", bytes: 1_000)
      // A sixteenth may be taken beyond it while another loop is asked to shed.
      #expect(broker.broker.memory.queuedBytes <= total + total / 16)
    }
    let small = persistent(broker, "small", shard: shardOfSmall)
    #expect(broker.broker.statistics.dropped.totalFull > 0)
    small.send(.pingreq)
    let client = persistent(broker, "big")
    _ = client
    #expect(broker.broker.statistics.dropped.queueFull == 0)
    // The small one lost nothing: all its messages are in flight now.
    #expect(broker.broker.statistics.sent.qos1 >= 20)
  }

  @Test func aCloggedConnectionIsEndedWhenItIsTheBiggestUser() {
    var limits = limits(total: 256 * 1024)
    limits.connectionOutputBytes = 1024 * 1024
    let broker = TestBroker(limits: limits)
    let clogged = broker.client("clogged")
    clogged.subscribe("all")
    clogged.output.isFull = true
    clogged.output.takesOutput = false
    let writer = broker.client("writer")
    let away = persistent(broker, "away")
    away.subscribe("away")
    away.lost()
    for _ in 0..<20 { writer.publish("all", String(repeating: "x", count: 10_000)) }
    #expect(!clogged.output.isClosed)
    for _ in 0..<20 { publish(writer, "away", bytes: 10_000) }
    #expect(clogged.output.isClosed)
  }

  @Test func everyRetainedMessageReachesASlowReader() {
    var limits = BrokerLimits()
    limits.connectionOutputBytes = 500
    limits.sessionQueueMessages = 3
    let broker = TestBroker(limits: limits)
    let writer = broker.client("writer")
    for index in 0..<1_000 { writer.publish("r/\(index)", "old", retain: true) }
    let reader = broker.client("reader")
    reader.output.takesOutput = false
    reader.subscribe("r/#", qos: .atMostOnce)
    #expect(reader.connection.session?.retainedWalks.count == 1)
    var last: [String: String] = [:]
    for message in reader.takeMessages() { last[String(message.prefix { $0 != " " })] = "old" }
    // What is replaced or cleared before its turn is brought as it is then.
    let waiting = (0..<1_000).map { "r/\($0)" }.filter { last[$0] == nil }
    let (replaced, cleared) = (waiting[0], waiting[1])
    writer.publish(replaced, "new", retain: true)
    writer.publish(cleared, "", retain: true)
    for _ in 0..<1_000 where last.count < 999 {
      for message in reader.takeMessages() {
        let parts = message.split(separator: " ", omittingEmptySubsequences: false)
        last[String(parts[0])] = String(parts[1])
      }
      reader.output.pendingBytes = 0
      broker.shards[0].outputDrained(reader.connection, at: broker.time)
    }
    #expect(last.filter { !$0.value.isEmpty && $0.key != cleared }.count == 999)
    #expect(last[replaced] == "new")
    #expect(broker.broker.memory.queuedBytes == 0)
    #expect(broker.broker.statistics.messagesDropped <= 2, "only the live copies that found the reader full")
  }

  @Test func openExchangesCountInTheTotalOfClients() {
    var limits = BrokerLimits()
    limits.totalStateBytes = 16 * 10
    let broker = TestBroker(limits: limits)
    let writer = broker.client("writer", version: .v3_1_1)
    for id in UInt16(1)...11 { writer.publish("a", "x", qos: .exactlyOnce, id: id) }
    #expect(writer.output.isClosed)
    #expect(broker.broker.memory.stateBytes == 0)
  }

  @Test func retainedMessagesExpireOnTheirOwn() {
    let broker = TestBroker()
    let writer = broker.client("writer")
    for index in 0..<100 {
      writer.publish(
        "r/\(index)", "x", retain: true, properties: [.messageExpiryInterval(UInt32(index % 2 == 0 ? 5 : 50))])
    }
    broker.advance(milliseconds: 6_000)
    #expect(broker.broker.retainedUsage.count == 50)
    #expect(broker.broker.statistics.retainedExpired == 50)
    broker.advance(milliseconds: 60_000)
    #expect(broker.broker.retainedUsage == (0, 0))
  }
}

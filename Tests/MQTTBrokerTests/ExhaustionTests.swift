import MQTTProtocol
import Testing

@testable import MQTTBroker

/// What clients that break the rules, or are many, could use up: packet identifiers, memory, the places of others.
@Suite struct ExhaustionTests {
  private func persistent(
    _ broker: TestBroker, _ name: String, shard: Int = 0, receiveMaximum: UInt16? = nil
  ) -> TestClient {
    let client = broker.open(shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: false, clientIdentifier: name,
          properties: Properties(
            [.sessionExpiryInterval(1_000)] + (receiveMaximum.map { [.receiveMaximum($0)] } ?? [])))))
    _ = client.output.takeAll()
    return client
  }

  private func text(_ bytes: Int) -> String { String(repeating: "x", count: bytes) }

  private func publish(_ writer: TestClient, _ topic: String, bytes: Int, drains: Bool = true) {
    writer.send(.publish(TestClient.publish(topic, text(bytes), qos: .atLeastOnce, id: 1)), drains: drains)
    _ = writer.output.takeAll()
  }

  private func publishes(_ client: TestClient) -> [PublishPacket] {
    client.output.takeAll().compactMap { if case .publish(let publish) = $0 { publish } else { nil } }
  }

  // MARK: Packet identifiers

  @Test func exchangesThatAreNeverCompletedStayFew() {
    var limits = BrokerLimits()
    limits.maximumInflight = 4
    let broker = TestBroker(limits: limits)
    for round in 0..<20 {
      let client = persistent(broker, "s")
      if round == 0 { client.subscribe("a") }
      for _ in 0..<4 {
        broker.broker.publish(HubPublish(topic: Array("a".utf8), payload: [1], qos: .exactlyOnce))
      }
      broker.run()
      for publish in publishes(client) {
        client.send(.pubrec(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
      }
      client.lost()
    }
    let session = broker.shards[0].sessions.compactMap { $0 }.first
    #expect(session?.outbound.inflightCount == 2 * 4, "what former connections left open, and one window more")
    #expect(session?.outbound.queuedCount == 20 * 4 - 2 * 4, "the others wait")
  }

  @Test(arguments: [true, false]) func whatIsInFlightIsCounted(isPersistent: Bool) {
    let broker = TestBroker()
    let client = isPersistent ? persistent(broker, "s") : broker.client("s")
    client.subscribe("a")
    _ = client.output.takeAll()
    for _ in 0..<1_000 { broker.broker.publish(HubPublish(topic: [97], payload: [], qos: .exactlyOnce)) }
    broker.run()
    let identifiers = publishes(client).map(\.packetIdentifier)
    #expect(identifiers.count == 1_000)
    // The messages are the client's now; their identifiers are kept.
    for identifier in identifiers { client.send(.pubrec(AcknowledgementPacket(packetIdentifier: identifier))) }
    #expect(broker.broker.memory.queuedBytes >= 1_000 * MemoryLayout<OutboundFlow.Inflight>.size)
    for identifier in identifiers { client.send(.pubcomp(AcknowledgementPacket(packetIdentifier: identifier))) }
    broker.advance(milliseconds: 1_000)
    #expect(broker.broker.memory.queuedBytes < 10_000, "an idle client keeps no large table")
    client.send(.disconnect(DisconnectPacket(reasonCode: .success, properties: [.sessionExpiryInterval(0)])))
    #expect(broker.broker.memory.queuedBytes == 0)
  }

  // MARK: Memory

  @Test func makingRoomDoesNotTakeThePlaceOfTheMessageItIsFor() {
    var limits = BrokerLimits()
    limits.totalOutputBytes = 256 * 1024
    let broker = TestBroker(limits: limits)
    let reader = persistent(broker, "reader", receiveMaximum: 1)
    reader.subscribe("all", "will")
    let clogged = broker.client(
      "clogged",
      will: Will(topic: "will", payload: Array("gone".utf8), qos: .atLeastOnce, retain: false, properties: []))
    clogged.output.isFull = true
    clogged.output.pendingBytes = limits.totalOutputBytes
    clogged.output.flush()
    _ = reader.output.takeAll()
    publish(broker.client("writer"), "all", bytes: 1_000)
    #expect(clogged.output.isClosed)
    // One is in flight; the other waits for its place.
    let first = publishes(reader)
    #expect(first.count == 1)
    reader.send(.puback(AcknowledgementPacket(packetIdentifier: first.first?.packetIdentifier ?? 0)))
    #expect(Set((first + publishes(reader)).map { $0.topic }) == [Array("all".utf8), Array("will".utf8)])
  }

  @Test func whoeverNeverAcknowledgesDoesNotStarveTheOthers() {
    var limits = BrokerLimits()
    limits.totalOutputBytes = 64 * 1024
    limits.sessionQueueBytes = 16 * 1024
    let broker = TestBroker(limits: limits)
    let writer = broker.client("writer")
    let hogs = (0..<4).map { persistent(broker, "hog\($0)") }
    for hog in hogs { hog.subscribe("hog") }
    let small = persistent(broker, "small")
    small.subscribe("small")
    small.lost()
    for _ in 0..<7 { publish(writer, "hog", bytes: 2_000) }
    #expect(broker.broker.memory.queuedBytes > 56 * 1024)
    // They stay as long as a client may take to acknowledge.
    publish(writer, "small", bytes: 8_000)
    #expect(broker.broker.statistics.dropped.totalFull == 1)
    broker.advance(milliseconds: limits.stallTimeout + 1_000)
    for _ in 0..<10 {
      publish(writer, "small", bytes: 1_000)
      #expect(broker.broker.memory.queuedBytes <= limits.totalOutputBytes * 17 / 16)
    }
    let ended = hogs.filter(\.output.isClosed)
    #expect((1..<hogs.count).contains(ended.count), "no more of them than must")
    for hog in ended {
      #expect(hog.output.packets.last == .disconnect(DisconnectPacket(reasonCode: .quotaExceeded)))
    }
    let kept = broker.shards[0].sessions.compactMap { $0 }.first { $0.clientIdentifier == "small" }
    #expect(kept?.outbound.queuedCount == 10)
    #expect(broker.broker.statistics.dropped.totalFull == 1)
  }

  @Test func retainedMessagesInFlightAreCounted() {
    let broker = TestBroker()
    let writer = broker.client("writer")
    for index in 0..<50 { writer.publish("r/\(index)", text(1_000), qos: .atLeastOnce, retain: true, id: 1) }
    let reader = persistent(broker, "reader")
    reader.subscribe("r/#")
    #expect(publishes(reader).count == 50)
    #expect(broker.broker.memory.queuedBytes >= 50 * 1_000)
  }

  @Test func oneMessageToManyDeadReadersStaysWithinTheTotal() {
    var limits = BrokerLimits()
    limits.totalOutputBytes = 256 * 1024
    let broker = TestBroker(limits: limits)
    let readers = (0..<100).map { broker.client("reader\($0)") }
    for reader in readers {
      reader.subscribe("all")
      reader.output.takesOutput = false
      reader.output.isFull = true
    }
    let writer = broker.client("writer")
    writer.publish("all", text(10_000))
    // A quarter more is gathered before sockets are asked to take it.
    #expect(broker.broker.memory.unsentBytes <= limits.totalOutputBytes * 5 / 4 + 10_100)
    #expect(readers.contains { $0.output.isClosed })
    #expect(readers.contains { !$0.output.isClosed })
  }

  @Test func oneMessageToManyReadersIsNotGatheredForAllOfThem() {
    var limits = BrokerLimits()
    limits.totalOutputBytes = 256 * 1024
    let broker = TestBroker(limits: limits)
    let readers = (0..<100).map { broker.client("reader\($0)") }
    for reader in readers { reader.subscribe("all") }
    let before = readers.map(\.output.flushes)
    // As the last of them was written.
    var flushed = 0
    for reader in readers {
      reader.output.willWrite = { flushed = zip(readers, before).count { $0.output.flushes > $1 } }
    }
    broker.client("writer").publish("all", text(10_000))
    #expect(flushed > 90)
  }

  // MARK: Between event loops

  @Test(arguments: ["plain", "shared"]) func whatAnotherLoopDoesNotTakeIsBounded(_ kind: String) {
    var limits = BrokerLimits()
    limits.maximumMailboxBytes = 20_000
    let broker = TestBroker(shards: 2, limits: limits)
    let reader = broker.client("reader", shard: 1)
    reader.subscribe(kind == "plain" ? "a" : "$share/group/a")
    let writer = broker.client("writer", shard: 0)
    for _ in 0..<100 { publish(writer, "a", bytes: 1_000, drains: false) }
    #expect(broker.shards[1].mailbox.waitingBytes <= 20_000)
    broker.run()
    let arrived = publishes(reader).count
    #expect((10...20).contains(arrived))
    #expect(broker.broker.statistics.dropped.mailboxFull == 100 - arrived)
    #expect(broker.shards[1].mailbox.waitingBytes == 0)
    // What says who has which session is never dropped.
    for _ in 0..<30 { publish(writer, "a", bytes: 1_000, drains: false) }
    let back = broker.client("reader", shard: 0)
    #expect(back.connection.isConnected)
    #expect(reader.output.isClosed)
  }

  @Test func oneTurnDeliversSoMuchAndTheRestComesInOrder() {
    var limits = BrokerLimits()
    limits.deliveriesPerTurn = 10
    let broker = TestBroker(shards: 2, limits: limits)
    let readers = (0..<4).map { broker.client("reader\($0)", shard: 1) }
    for reader in readers { reader.subscribe("a", qos: .atMostOnce) }
    let writer = broker.client("writer", shard: 0)
    for reader in readers { _ = reader.output.takeAll() }
    for index in 0..<10 { writer.send(.publish(TestClient.publish("a", "\(index)")), drains: false) }
    // Each message counts as one, and one more for each of its four readers.
    for turn in 1...5 {
      broker.shards[1].drainMailbox(at: broker.time)
      #expect(broker.shards[1].mailbox.waiting == 10 - 2 * turn)
    }
    for reader in readers { #expect(reader.takeMessages() == (0..<10).map { "a \($0)" }) }
  }

  // MARK: Sessions

  @Test func aFullHubStillTakesBackWhomItKnows() {
    var limits = BrokerLimits()
    limits.maximumSessions = 1
    let broker = TestBroker(limits: limits)
    persistent(broker, "a").lost()
    #expect(persistent(broker, "a").connection.isConnected)
    #expect(!persistent(broker, "b").connection.isConnected)
  }

  @Test func unsubscribingFromAGroupLeavesTheRetainedMessagesOfOthers() {
    var limits = BrokerLimits()
    limits.connectionOutputBytes = 500
    let broker = TestBroker(limits: limits)
    let writer = broker.client("writer")
    for index in 0..<100 { writer.publish("r/\(index)", "old", retain: true) }
    let reader = broker.client("reader")
    reader.output.takesOutput = false
    reader.subscribe("$share/g/r/#", "r/#")
    #expect(reader.connection.session?.retainedWalks.count == 1)
    reader.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 2, filters: ["$share/g/r/#"])))
    #expect(reader.connection.session?.retainedWalks.count == 1)
    reader.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 3, filters: ["r/#"])))
    #expect(reader.connection.session?.retainedWalks.count == 0)
    #expect(broker.broker.memory.stateBytes == 0)
  }

  @Test func aClientThatLosesItsConnectionEndsWithTheEventAndNotWithinIt() {
    var limits = BrokerLimits()
    limits.totalOutputBytes = 256 * 1024
    let broker = TestBroker(limits: limits)
    let clogged = broker.client("clogged")
    clogged.subscribe("own")
    clogged.output.isFull = true
    clogged.output.takesOutput = false
    clogged.output.pendingBytes = limits.totalOutputBytes + 1
    clogged.output.flush()
    clogged.send(together: [
      .publish(TestClient.publish("own", "makes room")),
      .subscribe(
        SubscribePacket(
          packetIdentifier: 2,
          subscriptions: [Subscription(filter: "v1/devices/me/commands", qos: .atLeastOnce)])),
    ])
    #expect(clogged.output.isClosed)
    #expect(
      broker.sink.events.suffix(2) == [
        "subscribed clogged clogged/commands",
        "disconnected clogged refused(MQTTProtocol.ReasonCode(rawValue: 151))",
      ])
    #expect(broker.broker.memory.unsentBytes == 0)
  }
}

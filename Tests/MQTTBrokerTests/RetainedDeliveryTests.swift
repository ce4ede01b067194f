import MQTTProtocol
import Synchronization
import Testing

@testable import MQTTBroker

/// Retained messages to new subscriptions, however many those are and however slow their client.
@Suite struct RetainedDeliveryTests {
  /// A broker with so many retained messages `r/000`, `r/001`, ….
  private func broker(
    retaining count: Int, qos: QoS = .atMostOnce, steps: Int = 10, change: (inout BrokerLimits) -> Void = { _ in }
  ) -> TestBroker {
    var limits = BrokerLimits()
    limits.retainedStepsPerEvent = steps
    change(&limits)
    let broker = TestBroker(limits: limits)
    let writer = broker.client("writer")
    for index in 0..<count { writer.publish(name(index), "old", qos: qos, retain: true, id: UInt16(index + 1)) }
    return broker
  }

  private func name(_ index: Int) -> String { "r/" + String(1_000 + index).dropFirst() }

  private func subscribe(
    _ client: TestClient, _ filter: String, qos: QoS = .atMostOnce, handling: RetainHandling = .sendAtSubscribe,
    identifier: UInt32? = nil
  ) {
    client.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1, subscriptions: [Subscription(filter: filter, qos: qos, retainHandling: handling)],
          properties: identifier.map { [.subscriptionIdentifier($0)] } ?? [])), drains: false)
  }

  private func block(_ client: TestClient) {
    client.output.takesOutput = false
    client.output.pendingBytes = 2_000_000
  }

  private func unblock(_ client: TestClient, _ broker: TestBroker) {
    client.output.takesOutput = true
    client.output.pendingBytes = 0
    broker.shards[0].outputDrained(client.connection, at: broker.time)
  }

  // MARK: A bounded amount an event

  @Test func oneEventBringsABoundedNumberAndTheNextGoOnFromThere() {
    let broker = broker(retaining: 95)
    let reader = broker.client("reader")
    subscribe(reader, "r/#")
    var messages = reader.takeMessages()
    var events = 1
    while messages.count < 95, events < 100 {
      broker.shards[0].drainMailbox(at: broker.time)
      let more = reader.takeMessages()
      #expect((1...10).contains(more.count))
      messages += more
      events += 1
    }
    #expect(messages == (0..<95).map { name($0) + " old" })
    #expect(events >= 10)
    #expect(broker.shards[0].awaitingTurn.isEmpty)
    #expect(reader.connection.session?.retainedWalks.isEmpty == true)
  }

  /// Filters that match nothing look at everything all the same.
  @Test func aSubscribeOfManyFiltersLooksAtABoundedNumberOfTopics() {
    let broker = broker(retaining: 100)
    let reader = broker.client("reader")
    reader.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1,
          subscriptions: (0..<20).map { Subscription(filter: "+/+/\($0)", qos: .atMostOnce) })), drains: false)
    var events = 1
    while reader.connection.session?.retainedWalks.isEmpty == false, events < 10_000 {
      broker.shards[0].drainMailbox(at: broker.time)
      events += 1
    }
    // 20 filters, 102 nodes, 10 an event.
    #expect((200...220).contains(events))
  }

  @Test func bytesCountAsWellAsTopics() {
    let broker = broker(retaining: 0, steps: 100)
    let writer = broker.client("other")
    for index in 0..<20 { writer.publish(name(index), String(repeating: "x", count: 20_000), retain: true) }
    let reader = broker.client("reader")
    subscribe(reader, "#")
    // 51,200 bytes an event: the message with which they are used up is the third.
    #expect(reader.takeMessages().count == 3)
    for _ in 0..<20 { broker.run() }
    #expect(reader.takeMessages().count == 17)
  }

  @Test func clientsHaveTheirTurnOneAfterTheOther() {
    let broker = broker(retaining: 200)
    let readers = (0..<4).map { broker.client("reader\($0)") }
    for reader in readers { subscribe(reader, "r/#") }
    // Asking again and again brings nobody forward.
    for _ in 0..<50 { subscribe(readers[0], "r/#") }
    for reader in readers { _ = reader.output.takeAll() }
    for round in 1...8 {
      for _ in readers {
        broker.shards[0].drainMailbox(at: broker.time)
        // Nor does an event of its own.
        broker.shards[0].outputDrained(readers[0].connection, at: broker.time)
      }
      let counts = readers.map { $0.publishCount }
      #expect(counts.allSatisfy { (9 * round - 2...10 * round).contains($0) }, "\(counts)")
    }
    for _ in 0..<40 { broker.run() }
    #expect(readers.dropFirst().allSatisfy { $0.publishCount == 192 })
  }

  @Test func aTurnIsAskedForAsLongAsSomethingIsOwedAndNoLonger() {
    let broker = broker(retaining: 35)
    let (wakes, turns) = (Counter(), Counter())
    broker.shards[0].mailbox.setWake({ wakes.rise() }, turn: { turns.rise() })
    let reader = broker.client("reader")
    broker.run()
    let before = wakes.value
    subscribe(reader, "r/#")
    var events = 1
    while turns.value == events, events < 100 {
      broker.shards[0].drainMailbox(at: broker.time)
      events += 1
    }
    #expect(reader.publishCount == 35)
    #expect(events == 4)
    // Such a wake would come before the sockets have their turn.
    #expect(wakes.value == before)
  }

  @Test func whoLeavesWhileItsTurnIsDueIsForgotten() {
    let broker = broker(retaining: 50)
    let reader = broker.client("reader")
    subscribe(reader, "r/#")
    #expect(broker.shards[0].awaitingTurn.count == 1)
    reader.lost()
    #expect(broker.shards[0].awaitingTurn.isEmpty)
    #expect(broker.broker.memory.stateBytes == 0)
  }

  // MARK: One walk a filter

  @Test func subscribingAgainAndAgainKeepsOneWalk() {
    let broker = broker(retaining: 3, qos: .atLeastOnce)
    let reader = broker.client("reader", properties: [.receiveMaximum(1)])
    subscribe(reader, "r/#", qos: .atLeastOnce)
    let (state, queued) = (broker.broker.memory.stateBytes, broker.broker.memory.queuedBytes)
    for _ in 0..<100 { subscribe(reader, "r/#", qos: .atLeastOnce) }
    #expect(reader.connection.session?.retainedWalks.count == 1)
    #expect(broker.broker.memory.stateBytes == state)
    #expect(broker.broker.memory.queuedBytes == queued)
  }

  @Test func walksThatComeAndGoLeaveNothingBehind() {
    let broker = broker(retaining: 3)
    let reader = broker.client("reader")
    block(reader)
    subscribe(reader, "r/+")
    let state = broker.broker.memory.stateBytes
    for _ in 0..<1_000 {
      subscribe(reader, "r/#")
      reader.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 2, filters: ["r/#"])), drains: false)
      #expect(reader.connection.session?.retainedWalks.orderCount ?? 0 <= 18)
    }
    #expect(broker.broker.memory.stateBytes == state)
    _ = reader.output.takeAll()
    unblock(reader, broker)
    #expect(reader.publishCount == 3)
  }

  /// A replaced subscription brings nothing more by its old options, and what it still owed is not lost [MQTT-3.8.4-4].
  @Test(arguments: [(RetainHandling.sendAtSubscribe, 3), (.sendIfNew, 2), (.doNotSend, 2)])
  func whatAReplacedSubscriptionOwedComesByTheNewOne(handling: RetainHandling, count: Int) {
    let broker = broker(retaining: 3, qos: .exactlyOnce)
    let reader = broker.client("reader", properties: [.receiveMaximum(1)])
    subscribe(reader, "r/#", qos: .exactlyOnce, identifier: 1)
    subscribe(reader, "r/#", qos: .atLeastOnce, handling: handling, identifier: 2)
    var publishes: [PublishPacket] = []
    for _ in 0..<20 {
      for packet in reader.output.takeAll() {
        if case .pubrel(let pubrel) = packet {
          reader.send(.pubcomp(AcknowledgementPacket(packetIdentifier: pubrel.packetIdentifier)))
        }
        guard case .publish(let publish) = packet else { continue }
        publishes.append(publish)
        let acknowledgement = AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)
        reader.send(publish.qos == .exactlyOnce ? .pubrec(acknowledgement) : .puback(acknowledgement))
      }
    }
    #expect(publishes.map { $0.properties.subscriptionIdentifiers } == [[1]] + Array(repeating: [2], count: count))
    #expect(publishes.map(\.qos) == [.exactlyOnce] + Array(repeating: .atLeastOnce, count: count))
  }

  // MARK: What changes meanwhile

  @Test(arguments: [QoS.atMostOnce, .atLeastOnce])
  func whatIsRetainedMeanwhileComesOnceToAReaderThatKeepsUp(qos: QoS) {
    let broker = broker(retaining: 60, qos: qos)
    let (reader, writer) = (broker.client("reader"), broker.client("other"))
    subscribe(reader, "r/#", qos: qos)
    // Brought already, still to be brought, cleared before its turn, and new.
    for index in [1, 50, 51, 70] {
      writer.send(
        .publish(TestClient.publish(name(index), index == 51 ? "" : "new", qos: qos, retain: true, id: 1)),
        drains: false)
    }
    for _ in 0..<20 { broker.run() }
    var copies: [String: [String]] = [:]
    for message in reader.takeMessages() {
      let parts = message.split(separator: " ", omittingEmptySubsequences: false)
      copies[String(parts[0]), default: []].append(String(parts[1]))
    }
    #expect(copies[name(1)] == ["old", "new"])
    #expect(copies[name(50)] == ["new"])
    #expect(copies[name(51)] == [""])
    #expect(copies[name(70)] == ["new"])
    #expect(copies.count == 61)
    #expect(copies.values.reduce(0) { $0 + $1.count } == 62)
  }

  @Test func whatASlowReaderLostAtQoS0ComesAsRetained() {
    let broker = broker(retaining: 5)
    let reader = broker.client("reader")
    block(reader)
    subscribe(reader, "r/#")
    _ = reader.output.takeAll()
    broker.client("other").publish(name(2), "new", retain: true)
    #expect(broker.broker.statistics.dropped.slowReader == 1)
    unblock(reader, broker)
    #expect(reader.takeMessages() == (0..<5).map { name($0) + ($0 == 2 ? " new" : " old") })
  }
}

/// Rises from any thread.
private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .relaxed) }
  func rise() { count.add(1, ordering: .relaxed) }
}

extension TestClient {
  fileprivate var publishCount: Int {
    output.packets.count { packet in
      if case .publish = packet { return true }
      return false
    }
  }
}

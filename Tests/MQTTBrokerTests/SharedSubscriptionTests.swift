import Durability
import MQTTProtocol
import MQTTTestSupport
import Testing

@testable import MQTTBroker

/// What groups do when members come and go (MQTT 5.0 §4.8.2).
@Suite struct SharedSubscriptionTests {
  private let filter = "$share/g/t"

  private func persistent(
    _ broker: TestBroker, _ name: String, shard: Int = 0, receiveMaximum: UInt16 = 100
  ) -> TestClient {
    let client = broker.open(shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: false, clientIdentifier: name,
          properties: [.sessionExpiryInterval(1_000), .receiveMaximum(receiveMaximum)])))
    return client
  }

  /// A member that is away, but keeps its session.
  private func absent(_ broker: TestBroker, _ name: String, shard: Int = 0) {
    let client = persistent(broker, name, shard: shard)
    client.subscribe(filter)
    client.lost()
  }

  private func limits(queue: Int) -> BrokerLimits {
    var limits = BrokerLimits()
    limits.sessionQueueMessages = queue
    return limits
  }

  private func publish(_ numbers: Range<Int>, by writer: TestClient, qos: QoS = .atLeastOnce, drains: Bool = true) {
    for number in numbers {
      writer.send(
        .publish(TestClient.publish("t", "\(number)", qos: qos, id: UInt16(number + 1))), drains: drains)
      if qos == .exactlyOnce {
        writer.send(.pubrel(AcknowledgementPacket(packetIdentifier: UInt16(number + 1))), drains: drains)
      }
    }
  }

  // MARK: What another member leaves

  @Test(arguments: [0, 1]) func whatAMemberCannotTakeStaysWithTheAbsentOnes(shard: Int) {
    let broker = TestBroker(shards: 2, limits: limits(queue: 10))
    for name in ["a", "b", "c"] { absent(broker, name) }
    publish(0..<30, by: broker.client("writer"))
    let worker = broker.client("worker", shard: shard, properties: [.receiveMaximum(1)])
    worker.subscribe(filter)
    #expect(broker.broker.statistics.dropped.total == 0)
    #expect(worker.connection.session?.outbound.queuedCount == 9)
    #expect(broker.broker.statistics.queuedMessages == 29, "and one is on its way to the worker")
  }

  @Test(arguments: [0, 1]) func aMemberThatHasRoomAgainTakesTheRestInOrder(shard: Int) {
    let broker = TestBroker(shards: 2, limits: limits(queue: 10))
    absent(broker, "a")
    absent(broker, "b", shard: 1)
    publish(0..<20, by: broker.client("writer"))
    let worker = broker.client("worker", shard: shard, properties: [.receiveMaximum(1)])
    worker.subscribe(filter)
    let got = worker.takeAllTexts().compactMap { Int($0) }
    #expect(got.sorted() == Array(0..<20))
    for parity in 0...1 {
      let ofOne = got.filter { $0 % 2 == parity }
      #expect(ofOne == ofOne.sorted(), "what waited for one member keeps its order")
    }
    #expect(broker.broker.statistics.queuedMessages == 0)
    #expect(broker.broker.memory.queuedBytes == 0)
  }

  @Test(arguments: [0, 1]) func whatOthersHaveNoRoomForStaysWithTheMemberThatGoes(shard: Int) {
    let broker = TestBroker(shards: 2, limits: limits(queue: 5))
    let leaver = persistent(broker, "leaver", receiveMaximum: 4)
    leaver.subscribe(filter)
    publish(0..<9, by: broker.client("writer"))
    #expect(leaver.takeMessages() == (0..<4).map { "t \($0)" })
    let other = broker.client("other", shard: shard, properties: [.receiveMaximum(1)])
    other.subscribe(filter)
    leaver.lost()
    #expect(broker.broker.statistics.dropped.total == 0)
    let again = persistent(broker, "leaver")
    #expect(other.takeAllTexts() == (shard == 0 ? ["0", "1", "2", "3", "4"] : ["0", "1", "2", "3", "4", "5"]))
    #expect(again.takeAllTexts() == (shard == 0 ? ["5", "6", "7", "8"] : ["6", "7", "8"]))
  }

  @Test func whatIsInFlightStaysInFlightWhereNobodyHasRoomForIt() {
    let broker = TestBroker(limits: limits(queue: 1))
    let leaver = persistent(broker, "leaver")
    leaver.subscribe(filter)
    publish(0..<3, by: broker.client("writer"))
    let first = leaver.takePublishes()
    let other = broker.client("other", properties: [.receiveMaximum(1)])
    other.subscribe(filter)
    leaver.lost()
    let again = persistent(broker, "leaver").takePublishes()
    #expect(again.map(\.payload) == first.dropFirst().map(\.payload))
    #expect(again.map(\.packetIdentifier) == first.dropFirst().map(\.packetIdentifier))
    #expect(again.count { $0.duplicate } == 2, "[MQTT-4.4.0-1]")
  }

  @Test func ofASessionThatEndsAbsentMembersGetWhatConnectedOnesHaveNoRoomFor() {
    let broker = TestBroker(limits: limits(queue: 2))
    let leaver = broker.client("leaver")
    leaver.subscribe(filter)
    publish(0..<4, by: broker.client("writer"))
    absent(broker, "absent")
    let other = broker.client("other", properties: [.receiveMaximum(1)])
    other.subscribe(filter)
    leaver.lost()
    #expect(broker.broker.statistics.dropped.total == 0)
    #expect(other.takeAllTexts() == ["0", "1", "2", "3"], "and then it has room for what the absent one got")
  }

  @Test func whatNobodyHasRoomForEndsWithItsSessionAndIsCounted() {
    let broker = TestBroker(limits: limits(queue: 2))
    let leaver = broker.client("leaver")
    leaver.subscribe(filter)
    publish(0..<9, by: broker.client("writer"))
    absent(broker, "absent")
    leaver.lost()
    #expect(broker.broker.statistics.queuedMessages == 2)
    #expect(broker.broker.statistics.dropped.queueFull == 7)
  }

  // MARK: On the way between event loops

  /// What becomes of a member while ten messages are on their way to it.
  enum Fate: CaseIterable, Sendable {
    case sessionEnds
    case goesAway
  }

  private func lose(_ fate: Fate, qos: QoS, _ broker: TestBroker) {
    let member = fate == .goesAway ? persistent(broker, "member", shard: 1) : broker.client("member", shard: 1)
    member.subscribe(filter)
    publish(0..<10, by: broker.client("writer"), qos: qos, drains: false)
    member.lost(drains: false)
  }

  @Test(arguments: Fate.allCases, [QoS.atLeastOnce, .exactlyOnce])
  func aMessageOnItsWayToAMemberThatGoesReachesAnother(fate: Fate, qos: QoS) {
    let broker = TestBroker(shards: 2)
    let others = (0...1).map { broker.client("other \($0)", shard: $0) }
    for other in others { other.subscribe(filter) }
    lose(fate, qos: qos, broker)
    broker.run()
    #expect(Set(others.flatMap { $0.takeMessages() }).count == 10)
    #expect(broker.broker.statistics.dropped.total == 0)
  }

  @Test(arguments: Fate.allCases) func aMessageOnItsWayWaitsWhereOnlyAbsentMembersAreLeft(fate: Fate) {
    let broker = TestBroker(shards: 2)
    for shard in 0...1 { absent(broker, "absent \(shard)", shard: shard) }
    lose(fate, qos: .atLeastOnce, broker)
    broker.run()
    #expect(broker.broker.statistics.queuedMessages == 10)
    let other = broker.client("other")
    other.subscribe(filter)
    #expect(Set(other.takeMessages()).count == 10)
  }

  @Test func aMessageOnItsWayToTheLastMemberEndsWithIt() {
    let broker = TestBroker(shards: 2)
    lose(.sessionEnds, qos: .atLeastOnce, broker)
    broker.run()
    #expect(broker.broker.memory.queuedBytes == 0)
    #expect(broker.broker.statistics.dropped.total == 0)
  }

  @Test func aMemberThatHasNoRoomGivesBackWhatAnotherLoopHandsOn() {
    let broker = TestBroker(shards: 2, limits: limits(queue: 3))
    let other = broker.client("other", shard: 1, properties: [.receiveMaximum(1)])
    other.subscribe("own", qos: .atLeastOnce)
    let leaver = persistent(broker, "leaver", receiveMaximum: 1)
    leaver.subscribe(filter)
    let writer = broker.client("writer", shard: 1)
    publish(0..<3, by: broker.client("sender"))
    other.subscribe(filter)
    // While it is on its way, the other's queue fills.
    leaver.lost(drains: false)
    for id in UInt16(1)...4 {
      writer.send(.publish(TestClient.publish("own", "own", qos: .atLeastOnce, id: id)), drains: false)
    }
    broker.run()
    #expect(broker.broker.statistics.dropped.total == 0)
    #expect(other.takeAllTexts() == ["own", "own", "own", "own", "0", "1", "2"])
  }

  @Test(arguments: [QoS.atMostOnce, .atLeastOnce]) func anAbsentMemberOfQoS0IsNotChosen(_ qos: QoS) {
    let broker = TestBroker()
    for (name, qos) in [("a", QoS.atMostOnce), ("b", .atLeastOnce)] {
      let client = persistent(broker, name)
      client.subscribe(filter, qos: qos)
      client.lost()
    }
    publish(0..<4, by: broker.client("writer"), qos: qos)
    #expect(broker.broker.statistics.queuedMessages == (qos == .atMostOnce ? 0 : 4))
  }
}

extension TestClient {
  /// Messages since the last look.
  func takePublishes() -> [PublishPacket] {
    output.takeAll().compactMap { if case .publish(let publish) = $0 { publish } else { nil } }
  }

  /// The payloads of all messages that come as long as each is acknowledged.
  func takeAllTexts() -> [String] {
    var texts: [String] = []
    while case let publishes = takePublishes(), !publishes.isEmpty {
      for publish in publishes {
        texts.append(String(decoding: publish.payload, as: UTF8.self))
        let answer = AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)
        send(publish.qos == .exactlyOnce ? .pubrec(answer) : .puback(answer))
        if publish.qos == .exactlyOnce { send(.pubcomp(answer)) }
      }
    }
    return texts
  }
}

import Durability
import MQTTProtocol
import MQTTTestSupport
import Testing

@testable import MQTTBroker

/// How much is done for a message to a large group, and what waits for its commit.
@Suite struct ShareGroupTests {
  private let group = ShareGroup(name: Array("$share/g/t".utf8), filter: Array("t".utf8))

  private func target(_ id: Int) -> RouteTarget {
    let subscriber = Subscriber(
      id: SubscriberID(rawValue: UInt64(id)), clientIdentifier: "\(id)", isDurable: false, shard: 0, slot: id)
    return RouteTarget(
      SubscriptionEntry(
        subscriber: subscriber, qos: .atLeastOnce, noLocal: false, retainAsPublished: false, identifier: 0,
        isByMe: false, isExact: true, share: group))
  }

  @Test func aFullGroupIsWalkedOnce() {
    var turns = ShareTurns(of: group, (0..<100).map(target), substitutes: (100..<150).map(target))
    var asked = 0
    var taken = 0
    for _ in 0..<1_000 {
      let target = turns.next { target in
        asked += 1
        return target.subscriber.id.rawValue == 120
      }
      taken += target == nil ? 0 : 1
    }
    #expect(taken == 1_000)
    #expect(asked < 1_150)
    let refused = Set((0..<149).compactMap { _ in turns.nextRefused()?.subscriber.id.rawValue })
    #expect(refused.contains(0) && refused.contains(149) && !refused.contains(120))
  }

  @Test func everyoneWithRoomHasItsTurn() {
    var turns = ShareTurns(of: group, (0..<3).map(target))
    let order = (0..<6).compactMap { _ in turns.next { _ in true }?.subscriber.id.rawValue }
    #expect(order == [0, 1, 2, 0, 1, 2])
    #expect(turns.nextRefused() == nil)
  }

  @Test func roomEndsWithTheFirstMessageThatIsTooMuch() {
    var room = QueueRoom(messages: 3, bytes: 100)
    let taken = [60, 50, 10].map { room.take($0) }
    #expect(taken == [true, false, false], "what is behind it must not overtake it")
    #expect(room.isExhausted)
    var others = QueueRoom(messages: 3, bytes: 100).divided(by: 5)
    let takenByOne = [100, 1].map { others.take($0) }
    #expect(takenByOne == [true, false], "a message may need all the bytes")
    #expect(QueueRoom.none.divided(by: 2).isEmpty)
  }

  @Test func allEventLoopsAndTopicsGoByOneListOfMembers() {
    let broker = TestBroker(shards: 2)
    for index in 0..<5 { broker.client("m\(index)").subscribe("$share/g/t/#") }
    let tree = broker.broker.currentSubscriptions().tree
    let lists = [("t/a", 0), ("t/b", 0), ("t/a", 1)].compactMap { topic, shard in
      tree.route(of: SubscriptionTree.levels(of: Array(topic.utf8)), for: shard).shares.first?.members
    }
    let places = Set(lists.map { list in list.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } })
    #expect(lists.map(\.count) == [5, 5, 5])
    #expect(places.count == 1)
    let order = lists[0].map { $0.subscriber.id.rawValue }
    #expect(order == order.sorted())
  }

  @Test func aMemberThatComesAsksEachOtherLoopOnce() {
    let broker = TestBroker(shards: 3)
    for index in 0..<20 {
      let client = persistent(broker, "m\(index)", shard: index % 2)
      client.subscribe("$share/g/t")
      client.lost()
    }
    let writer = broker.client("writer")
    for _ in 0..<20 { writer.publish("t", "x", qos: .atLeastOnce, id: 1) }
    let worker = broker.client("worker", shard: 2)
    worker.send(
      .subscribe(
        SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "$share/g/t", qos: .atLeastOnce)])),
      drains: false)
    #expect(broker.broker.mailboxes.map(\.waiting) == [1, 1, 0])
    broker.run()
    #expect(worker.takeMessages().count == 20)
  }

  private func persistent(_ broker: TestBroker, _ name: String, shard: Int = 0) -> TestClient {
    let client = broker.open(shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: false, clientIdentifier: name, properties: [.sessionExpiryInterval(1_000)])))
    return client
  }

  // MARK: What is kept for a session is committed before it is acknowledged

  @Test(arguments: [0, 1]) func onlyTheMemberThatGetsAMessageSaysWhetherItIsCommitted(shard: Int) {
    let queue = ManualCommitQueue()
    let broker = TestBroker(shards: 2, commitQueue: queue)
    let absent = persistent(broker, "absent", shard: shard)
    queue.commit()
    broker.run()
    absent.subscribe("$share/g/t")
    absent.lost()
    queue.commit()
    broker.run()
    let other = broker.client("other", shard: shard)
    other.subscribe("$share/g/t")
    let writer = broker.client("writer")
    writer.publish("t", "x", qos: .atLeastOnce, id: 1)
    #expect(writer.output.takeAll().count == 1, "the member that is there keeps nothing")
    other.lost()
    writer.publish("t", "x", qos: .atLeastOnce, id: 1)
    #expect(writer.output.takeAll().isEmpty)
    queue.commit()
    broker.run()
    #expect(writer.output.takeAll().count == 1)
  }

  @Test(arguments: [QoS.atMostOnce, .atLeastOnce])
  func aMessageForAPersistentSessionOfAnotherLoopIsCommitted(_ qos: QoS) {
    let queue = ManualCommitQueue()
    let broker = TestBroker(shards: 2, commitQueue: queue)
    let reader = persistent(broker, "reader", shard: 1)
    queue.commit()
    broker.run()
    reader.subscribe("t")
    queue.commit()
    broker.run()
    let writer = broker.client("writer")
    let before = queue.append(.device(name: "", fact: []), urgency: .deferrable)
    queue.commit()
    writer.publish("t", "x", qos: qos, id: qos == .atMostOnce ? 0 : 1)
    let after = queue.append(.device(name: "", fact: []), urgency: .deferrable)
    #expect((after.rawValue - before.rawValue == 1) == (qos == .atMostOnce))
    #expect(writer.output.takeAll().isEmpty)
  }
}

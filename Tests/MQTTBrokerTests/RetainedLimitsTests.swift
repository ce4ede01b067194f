import Durability
import MQTTProtocol
import Synchronization
import Testing

@testable import MQTTBroker

/// What subscriptions and retained messages cost, and that it is counted.
@Suite struct RetainedLimitsTests {
  @Test func aWalkCountsWithItsSubscriptionAndIsRefusedWithIt() {
    let filter = Array("r/#".utf8)
    let (plain, walk) = (BrokerShard.stateBytes(of: filter), RetainedWalk.byteCount(of: filter))
    for (room, code) in [(plain + walk, ReasonCode.grantedQoS2), (plain + walk - 1, .quotaExceeded)] {
      var limits = BrokerLimits()
      limits.totalStateBytes = room
      let broker = TestBroker(limits: limits)
      broker.client("writer").publish("r/1", "x", retain: true)
      let reader = broker.client("reader")
      reader.output.takesOutput = false
      reader.output.pendingBytes = 2_000_000
      #expect(reader.subscribe("r/#") == [code])
      #expect(broker.broker.memory.stateBytes == (code.isError ? 0 : room))
      reader.output.pendingBytes = 0
      broker.shards[0].outputDrained(reader.connection, at: broker.time)
      #expect(broker.broker.memory.stateBytes == (code.isError ? 0 : plain))
    }
  }

  @Test func aLongPlaceCountsWhileTheClientTakesNothing() {
    let broker = TestBroker()
    let writer = broker.client("writer")
    let long = "r/" + String(repeating: "x", count: 10_000)
    writer.publish(long, "x", retain: true)
    let reader = broker.client("reader")
    reader.output.takesOutput = false
    reader.output.pendingBytes = 2_000_000
    reader.subscribe("r/#")
    writer.publish(long, "", retain: true)
    #expect(broker.broker.memory.queuedBytes > 9_000)
    reader.output.pendingBytes = 0
    broker.shards[0].outputDrained(reader.connection, at: broker.time)
    #expect(broker.broker.memory.queuedBytes == 0)
  }

  @Test func aMessageThatFitsNoQueueDoesNotKeepOthersWaiting() {
    var limits = BrokerLimits()
    limits.totalOutputBytes = 1_000
    let broker = TestBroker(limits: limits)
    let writer = broker.client("writer")
    writer.publish("r/1", String(repeating: "x", count: 2_000), qos: .atLeastOnce, retain: true, id: 1)
    writer.publish("r/2", "x", qos: .atLeastOnce, retain: true, id: 1)
    let reader = broker.client("reader", properties: [.sessionExpiryInterval(100)])
    reader.subscribe("r/#")
    #expect(reader.takeMessages() == ["r/2 x"])
    #expect(broker.broker.statistics.dropped.queueFull == 1)
  }

  /// A retained message that finds no room beside the queue, and the queue behind it.
  @Test func aQueueGoesOnThatTakesTheRoomOfARetainedMessage() {
    var limits = BrokerLimits()
    limits.sessionQueueBytes = 700
    let broker = TestBroker(limits: limits)
    let writer = broker.client("writer")
    writer.publish("r", String(repeating: "x", count: 300), qos: .atLeastOnce, retain: true, id: 1)
    let reader = broker.client("reader", properties: [.sessionExpiryInterval(100), .receiveMaximum(1)])
    reader.subscribe("q", qos: .atLeastOnce)
    for number in 0..<5 { writer.publish("q", "\(number)", qos: .atLeastOnce, id: 1) }
    reader.subscribe("r", qos: .atLeastOnce)
    var topics: [String] = []
    for _ in 0..<20 {
      for packet in reader.output.takeAll() {
        guard case .publish(let publish) = packet else { continue }
        topics.append(String(decoding: publish.topic, as: UTF8.self))
        reader.send(.puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
      }
    }
    #expect(topics.count { $0 == "q" } == 5)
    #expect(topics.count { $0 == "r" } == 1)
    #expect(broker.broker.memory.queuedBytes == 0)
  }

  // MARK: One SUBSCRIBE

  @Test func aRepeatedFilterChangesTheTreeOnce() throws {
    let queue = RecordingCommitQueue()
    let filter = "v1/devices/d/commands"
    // Nor does it count more than once.
    var limits = BrokerLimits()
    limits.totalStateBytes =
      BrokerShard.stateBytes(of: Array(filter.utf8)) + RetainedWalk.byteCount(of: Array(filter.utf8))
    let broker = TestBroker(limits: limits, commitQueue: queue)
    let client = broker.client("d", properties: [.sessionExpiryInterval(100)])
    let version = broker.broker.currentRouteVersion
    let subscriptions = (0..<500).map { Subscription(filter: filter, qos: $0 == 499 ? .exactlyOnce : .atMostOnce) }
    client.send(.subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: subscriptions)))
    guard case .suback(let suback)? = client.output.packets.first else {
      Issue.record("no SUBACK")
      return
    }
    #expect(suback.reasonCodes == subscriptions.map { ReasonCode(rawValue: $0.qos.rawValue) })
    #expect(broker.broker.currentRouteVersion == version + 1)
    #expect(broker.sink.events.count { $0.hasPrefix("subscribed") } == 1)
    #expect(queue.subscribed.withLock { $0 } == [[Array(filter.utf8)]])
    broker.client("w").send(.pingreq)
    broker.broker.publish(HubPublish(topic: Array(filter.utf8), payload: [1], qos: .exactlyOnce))
    broker.run()
    guard case .publish(let publish)? = client.output.packets.last else {
      Issue.record("nothing came")
      return
    }
    #expect(publish.qos == .exactlyOnce)
  }

  @Test func manyFiltersLetOtherLoopsInBetween() {
    let broker = TestBroker()
    let client = broker.client("c")
    let version = broker.broker.currentRouteVersion
    let subscriptions = (0..<200).map { Subscription(filter: "f/\($0)", qos: .atMostOnce) }
    client.send(.subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: subscriptions)))
    #expect(broker.broker.currentRouteVersion == version + 4)
    #expect(broker.broker.statistics.subscriptions == 200)
  }

  // MARK: Messages that expire

  private func retained(_ broker: TestBroker, _ topic: String) -> StoredMessage? {
    broker.broker.currentRetained().value(at: SubscriptionTree.levels(of: Array(topic.utf8)))?.message
  }

  @Test func replacedRetainedMessagesAreGone() {
    let broker = TestBroker()
    let writer = broker.client("writer")
    weak var former: StoredMessage?
    for interval in [UInt32(100), 50, 100] {
      writer.publish("r", "x", retain: true, properties: [.messageExpiryInterval(interval)])
      #expect(former == nil)
      former = retained(broker, "r")
      #expect(former != nil)
    }
    // Neither does the shorter time of the former one hold for it.
    broker.advance(milliseconds: 60_000)
    #expect(broker.broker.retainedUsage.count == 1)
    broker.advance(milliseconds: 60_000)
    #expect(broker.broker.retainedUsage == (0, 0))
    #expect(broker.broker.statistics.retainedExpired == 1)
  }

  @Test func whatIsNotedOfReplacedMessagesIsBounded() {
    var retained = RetainedMessages()
    let limits = BrokerLimits()
    for index in 0..<10_000 {
      let topic = Array("r/\(index % 10)".utf8)
      let message = StoredMessage(topic: topic, payload: [1], qos: .atMostOnce, retain: true, expiry: Int64(index))
      let isKept = retained.set(message, levels: SubscriptionTree.levels(of: topic), limits: limits)
      #expect(isKept)
      #expect(retained.expiringCount == min(index + 1, 10))
    }
    // Nor is what no longer expires.
    for index in 0..<10 {
      let topic = Array("r/\(index)".utf8)
      let message = StoredMessage(topic: topic, payload: [1], qos: .atMostOnce, retain: true)
      let isKept = retained.set(message, levels: SubscriptionTree.levels(of: topic), limits: limits)
      #expect(isKept)
    }
    #expect(retained.expiringCount == 0)
    let expired = retained.expire(at: .max, limit: .max).count
    #expect(expired == 0)
    #expect(retained.count == 10)
  }

  /// All loops wait while retained messages go.
  @Test func manyThatExpireAtOnceGoInTurns() {
    let broker = TestBroker()
    let writer = broker.client("writer", properties: [])
    for index in 0..<20_000 {
      writer.publish("r/\(index)", "x", retain: true, properties: [.messageExpiryInterval(1)])
    }
    broker.advance(milliseconds: 3_000)
    #expect(broker.broker.retainedUsage.count == 20_000 - 16_384)
    broker.advance(milliseconds: 1_000)
    #expect(broker.broker.retainedUsage == (0, 0))
    #expect(broker.broker.statistics.retainedExpired == 20_000)
  }
}

/// Commits at once and notes what was subscribed to.
private final class RecordingCommitQueue: CommitQueue {
  let subscribed = Mutex<[[[UInt8]]]>([])
  private let queue = MemoryCommitQueue()

  func append(_ record: CommitRecord, urgency: CommitUrgency, wakes: Bool) -> CommitSequence {
    if case .broker(let records) = record, let changes = (records as? BrokerChanges)?.changes {
      let filters = changes.compactMap { change in
        if case .subscribed(_, let subscription) = change { subscription.filter } else { nil }
      }
      if !filters.isEmpty { subscribed.withLock { $0.append(filters) } }
    }
    return queue.append(record, urgency: urgency)
  }

  var isFull: Bool { false }

  var committed: CommitSequence { queue.committed }

  func observeCommits(_ observer: @escaping @Sendable (CommitSequence) -> Void) { queue.observeCommits(observer) }
}

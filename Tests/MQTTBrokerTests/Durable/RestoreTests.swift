import Durability
import MQTTProtocol
import MQTTTestSupport
import Synchronization
import Testing

@testable import MQTTBroker

/// A hub that dies, and the one that goes on from what is on disk.
@Suite struct RestoreTests {
  /// A commit queue with the rows that its commits made.
  private final class Disk: Sendable {
    private struct Rows: ~Copyable {
      var folder: BrokerChangeFolder
      var state: RestoredState
    }

    let queue = ManualCommitQueue()
    private let rows: Mutex<Rows>

    init(_ state: RestoredState = RestoredState()) {
      rows = Mutex(Rows(folder: BrokerChangeFolder(resuming: state), state: state))
      queue.onCommit { [self] records in
        rows.withLock { rows in
          for case .broker(let changes) in records {
            if let changes = changes as? BrokerChanges { rows.folder.fold(changes) }
          }
          for operation in rows.folder.takeOperations() { rows.state.apply(operation) }
        }
      }
    }

    var state: RestoredState { rows.withLock { $0.state } }
  }

  private func commit(_ broker: TestBroker, _ disk: Disk) {
    for _ in 0..<6 {
      disk.queue.commit()
      broker.run()
    }
  }

  private func connect(_ broker: TestBroker, _ disk: Disk, _ name: String = "s", shard: Int = 0) -> TestClient {
    let client = broker.open(shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: false, keepAlive: 0, clientIdentifier: name,
          properties: [.sessionExpiryInterval(100)])))
    commit(broker, disk)
    return client
  }

  private func isPresent(_ client: TestClient) -> Bool? {
    for case .connack(let connack) in client.output.packets { return connack.sessionPresent }
    return nil
  }

  @Test(arguments: [1, 3]) func whatWaitedIsThereAgain(shards: Int) {
    let disk = Disk()
    let broker = TestBroker(shards: shards, commitQueue: disk.queue)
    let reader = connect(broker, disk)
    reader.subscribe("a/#", properties: [.subscriptionIdentifier(7)])
    commit(broker, disk)
    reader.lost()
    let writer = broker.client("w", shard: shards - 1)
    for number in 1...5 { writer.publish("a/x", "\(number)", qos: .atLeastOnce, id: UInt16(number)) }
    commit(broker, disk)

    let next = Disk(disk.state)
    let again = TestBroker(shards: shards, commitQueue: next.queue, restoring: disk.state)
    #expect(again.summary?.deliveries == 5)
    #expect(again.broker.memory.queuedBytes == broker.broker.memory.queuedBytes)
    #expect(again.broker.memory.stateBytes == broker.broker.memory.stateBytes)
    let back = connect(again, next, shard: shards - 1)
    #expect(isPresent(back) == true)
    #expect(back.takeMessages() == (1...5).map { "a/x \($0)" })
  }

  /// The publish is on disk and its PUBREC has not left: it goes to its subscribers once.
  @Test func anUndeliveredPublishGoesOutOnce() {
    let disk = Disk()
    let broker = TestBroker(commitQueue: disk.queue)
    let reader = connect(broker, disk, "reader")
    reader.subscribe("t")
    let writer = connect(broker, disk, "writer")
    writer.publish("t", "x", qos: .exactlyOnce, id: 9)
    disk.queue.commit()
    #expect(disk.state.messages.count == 1)

    let next = Disk(disk.state)
    let again = TestBroker(commitQueue: next.queue, restoring: disk.state)
    let writerAgain = connect(again, next, "writer")
    writerAgain.publish("t", "x", qos: .exactlyOnce, id: 9)
    commit(again, next)
    let readerAgain = connect(again, next, "reader")
    commit(again, next)
    #expect(readerAgain.takeMessages() == ["t x"])
    let pubrecs = writerAgain.output.packets.count { if case .pubrec = $0 { true } else { false } }
    #expect(pubrecs == 1)
  }

  @Test(arguments: [0, 100] as [UInt32]) func theHubsEndIsALostConnection(expiry: UInt32) {
    let disk = Disk()
    let broker = TestBroker(commitQueue: disk.queue)
    let will = Will(
      topic: "w", payload: Array("gone".utf8), qos: .atLeastOnce, retain: true, properties: [.willDelayInterval(10)])
    _ = broker.client("c", will: will, properties: [.sessionExpiryInterval(expiry)])
    commit(broker, disk)

    let next = Disk(disk.state)
    let again = TestBroker(commitQueue: next.queue, restoring: disk.state)
    again.run()
    // A session that does not outlive its connection ends with it, and that brings the will.
    #expect(again.broker.retainedUsage.count == (expiry == 0 ? 1 : 0))
    again.advance(milliseconds: 10_000)
    #expect(again.broker.retainedUsage.count == 1)
    commit(again, next)
    #expect(next.state.sessions.values.allSatisfy { $0.will == nil })
    #expect(next.state.sessions.isEmpty == (expiry == 0))
    again.advance(milliseconds: 100_000)
    commit(again, next)
    #expect(next.state.sessions.isEmpty)
  }

  // MARK: Limits that are lower than they were

  private func state(sessions: Int, deliveries: Int) -> RestoredState {
    var state = RestoredState()
    var serial: UInt64 = 0
    for number in 1...UInt64(sessions) {
      state.sessions[number] = DurableSession(
        number: number, clientIdentifier: "c\(number)", expiryInterval: 1_000, leftAt: 1_699_999_999_000 + Int64(number)
      )
      for filter in ["a", "$share/g/b", "c/+"] {
        let row = DurableSubscription(filter: Array(filter.utf8), qos: .atLeastOnce)
        state.subscriptions[number, default: [:]][row.filter] = row
      }
      for _ in 0..<deliveries {
        serial += 1
        state.messages[serial] = DurableMessage(
          topic: Array("a".utf8), payload: Array("\(serial)".utf8), qos: .atLeastOnce, retain: false)
        state.deliveries[number, default: [:]][serial] = DurableDelivery(
          serial: serial, message: serial, qos: .atLeastOnce)
      }
    }
    for number in 1...UInt64(4) {
      let message = DurableMessage(
        topic: Array("r/\(number)".utf8), payload: [1], qos: .atMostOnce, retain: true, publisherName: "p")
      state.retained[message.topic] = DurableRetained(serial: number, message: message)
    }
    return state
  }

  @Test func whatFitsIsRestoredAndTheOldestDropped() {
    var limits = BrokerLimits()
    limits.maximumSessions = 2
    limits.sessionQueueMessages = 3
    limits.maximumSubscriptionsPerClient = 2
    limits.maximumRetainedMessages = 3
    let disk = Disk(state(sessions: 3, deliveries: 5))
    let broker = TestBroker(limits: limits, commitQueue: disk.queue, restoring: disk.state)
    let summary = broker.summary
    #expect(summary?.sessions == 2 && summary?.droppedSessions == 1)
    #expect(summary?.deliveries == 6 && summary?.droppedDeliveries == 9)
    #expect(summary?.subscriptions == 4 && summary?.droppedSubscriptions == 2)
    #expect(summary?.retained == 3 && summary?.droppedRetained == 1)
    commit(broker, disk)
    // The rows say the same.
    #expect(Set(disk.state.sessions.keys) == [2, 3])
    #expect(Set(disk.state.messages.keys) == [8, 9, 10, 13, 14, 15])
    #expect(disk.state.retained.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() == ["r/2", "r/3", "r/4"])
    let back = connect(broker, disk, "c3")
    #expect(back.takeMessages() == ["a 13", "a 14", "a 15"])
  }

  /// Rows that no broker wrote.
  @Test func contradictionsDoNotTrap() {
    var state = state(sessions: 3, deliveries: 2)
    state.sessions[2]?.clientIdentifier = "c1"
    state.sessions[.max] = DurableSession(number: .max, clientIdentifier: "x", expiryInterval: 1)
    state.sessions[3]?.leftAt = .min
    state.deliveries[1]?[1]?.packetIdentifier = 5
    state.deliveries[1]?[2]?.packetIdentifier = 5
    state.deliveries[1]?[77] = DurableDelivery(serial: 77, message: 1_000, qos: .exactlyOnce, packetIdentifier: 6)
    state.deliveries[99] = [88: DurableDelivery(serial: 88, message: 1, qos: .atLeastOnce)]
    state.exchanges[1] = [1: DurableExchange(packetIdentifier: 1, message: 4_000)]
    let row = DurableSubscription(filter: Array("$share/".utf8), qos: .atLeastOnce)
    state.subscriptions[1]?[row.filter] = row
    let disk = Disk(state)
    let broker = TestBroker(commitQueue: disk.queue, restoring: state)
    broker.advance(milliseconds: 2_000)
    commit(broker, disk)
    #expect(disk.state.sessions.keys.allSatisfy { [1, 2].contains($0) })
    #expect(disk.state.deliveries[99] == nil)
    broker.advance(milliseconds: 2_000_000)
    commit(broker, disk)
    #expect(broker.broker.sessionCount == 0)
    #expect(broker.broker.memory.queuedBytes == 0 && broker.broker.memory.stateBytes == 0)
  }

  // MARK: A full commit queue

  @Test(arguments: [QoS.atMostOnce, .atLeastOnce]) func whoPublishesWaitsForRoom(qos: QoS) {
    let queue = ManualCommitQueue()
    let broker = TestBroker(commitQueue: queue)
    let (writer, reader) = (broker.client("w", keepAlive: 2), broker.client("r"))
    reader.subscribe("t")
    queue.isFull = true
    writer.publish("t", "x", qos: qos, id: qos == .atMostOnce ? 0 : 1)
    reader.send(.pingreq)
    #expect(writer.output.isPaused)
    #expect(!reader.output.isPaused)
    // Its silence is the hub's doing.
    for _ in 0..<10 { broker.advance(milliseconds: 1_000) }
    #expect(!writer.output.isClosed && writer.output.isPaused)
    queue.isFull = false
    queue.commit()
    broker.run()
    #expect(!writer.output.isPaused)
  }
}

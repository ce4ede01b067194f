import Durability
import MQTTBroker
import MQTTProtocol
import MQTTTestSupport

/// A broker with its event loops, commits, sockets and clients, all moved by the steps of an input.
final class HubWorld {
  let broker: Broker
  let shards: [BrokerShard]
  let clock = FuzzClock()
  let model: HubModel
  private let journal = FuzzJournal()
  /// nil where what is appended is committed at once.
  private let commitQueue: ManualCommitQueue?
  private let wakes: [WakeFlag]
  /// All connections that ever were, and what each client knows of its own.
  private(set) var connections: [(connection: FuzzConnection, model: ConnectionModel)] = []
  /// Where each client is now, as an index into `connections`.
  var clients = [Int?](repeating: nil, count: 5)
  /// Bytes that a client has begun to send.
  var outgoing = [[UInt8]](repeating: [], count: 5)
  private var completions: [CallCounter] = []
  private var reports: [CallCounter] = []

  init(_ input: inout FuzzInput) {
    let shardCount = 1 + input.choice(of: 2)
    let commitQueue = input.choice(of: 2) == 0 ? nil : ManualCommitQueue()
    let limits = TightLimits.choose(&input)
    self.commitQueue = commitQueue
    let queue: any CommitQueue = commitQueue ?? MemoryCommitQueue()
    let broker = Broker(limits: limits, shardCount: shardCount, commitQueue: queue)
    self.broker = broker
    model = HubModel(clock: clock, maximumSessionExpiry: limits.maximumSessionExpiry)
    wakes = (0..<shardCount).map { _ in WakeFlag() }
    let sinks = wakes.map { _ in StepSink(commitQueue: queue) }
    shards = sinks.enumerated().map { BrokerShard(broker: broker, index: $0, sink: $1) }
    for (shard, wake) in zip(shards, wakes) { shard.mailbox.setWake { wake.raise() } }
    for (shard, sink) in zip(shards, sinks) {
      sink.publish = { [weak shard, model] publish in
        HubWorld.note(publish, in: model)
        shard?.publish(publish)
      }
    }
  }

  /// What happened so far.
  var history: String { journal.description }

  /// Undoes the circles of references that a live connection is.
  func takeApart() {
    for (connection, _) in connections { connection.lost() }
  }

  // MARK: What steps are made of

  func open(on shard: Int) -> Int {
    let connection = FuzzConnection(
      place: connections.count, shard: shards[shard], clock: clock, journal: journal)
    connections.append((connection, ConnectionModel(hub: model)))
    connection.open()
    return connection.place
  }

  func connection(of client: Int) -> FuzzConnection? {
    guard let place = clients[client], connections[place].connection.isOpen else { return nil }
    return connections[place].connection
  }

  func model(of client: Int) -> ConnectionModel? { clients[client].map { connections[$0].model } }

  func commit(_ count: Int = .max) { commitQueue?.commit(count) }

  func drainMailbox(of shard: Int) {
    if wakes[shard].take() { shards[shard].drainMailbox(at: clock.now) }
  }

  /// Lets every event loop that was woken look, until none is.
  func drainAll() throws(FuzzFinding) {
    for _ in 0..<1_000 {
      var isQuiet = true
      for shard in shards.indices where wakes[shard].take() {
        isQuiet = false
        shards[shard].drainMailbox(at: clock.now)
      }
      for (connection, _) in connections { connection.readIfPossible() }
      if isQuiet { return }
    }
    throw FuzzFinding("the event loops wake each other for ever")
  }

  func timePasses(milliseconds: Int64) {
    clock.advance(milliseconds: milliseconds)
    for shard in shards { shard.timePassed(to: clock.now) }
  }

  func publish(_ publish: HubPublish) {
    Self.note(publish, in: model)
    let completion = CallCounter()
    let report = CallCounter()
    completions.append(completion)
    reports.append(report)
    var publish = publish
    publish.completion = { _ in completion.call() }
    publish.receipt = DeliveryReceipt(addressee: .exactSubscribers, subjects: []) { _, _ in report.call() }
    broker.publish(publish)
  }

  private static func note(_ publish: HubPublish, in model: HubModel) {
    model.published.add(
      PublishedMessages.Content(topic: publish.topic, payload: publish.payload),
      MessageForm(qos: publish.qos, retain: publish.retain, properties: publish.properties))
  }

  // MARK: What must hold

  /// After every step: what was written was right, and the totals are those of what is there.
  func check() throws(FuzzFinding) {
    model.evictedSessions = broker.statistics.sessionsEvicted
    for (place, event) in journal.take() {
      let (connection, model) = connections[place]
      switch event {
      case .gave(.connect(let connect)): model.gave(connect, as: connection.clientIdentifier)
      case .gave(let packet): model.gave(packet)
      case .gaveFault: model.gaveFault()
      case .wrote(let bytes, let version): try model.wrote(bytes, version)
      case .closedByHub, .lost: model.ended()
      }
    }
    try expect(
      broker.connectionCount == openCount, "\(broker.connectionCount) connections counted, \(openCount) open")
    try checkTotals()
  }

  private var openCount: Int { connections.count { $0.connection.isOpen } }

  private func checkTotals() throws(FuzzFinding) {
    let memory = broker.memory
    let limits = broker.limits
    let totals = [memory.queuedBytes, memory.unsentBytes, memory.unreadBytes, memory.stateBytes]
    try expect(totals.allSatisfy { $0 >= 0 }, "a total below nothing: \(totals)")
    let retained = broker.retainedUsage
    try expect(
      retained.count <= limits.maximumRetainedMessages && retained.bytes <= limits.maximumRetainedBytes,
      "\(retained) retained is past the limits")
  }

  /// Every loop has told what it counts.
  func checkStatistics() throws(FuzzFinding) {
    let statistics = broker.statistics
    try expect(
      statistics.connections == openCount, "\(statistics.connections) connections counted, \(openCount) open")
    let counts = [
      statistics.sessions, statistics.subscriptions, statistics.sharedSubscriptions, statistics.queuedMessages,
      statistics.queuedBytes, broker.sessionCount,
    ]
    try expect(counts.allSatisfy { $0 >= 0 }, "a count below nothing: \(counts)")
  }

  /// Everything is committed, every loop has looked: every answer that is owed was given.
  func checkAtRest() throws(FuzzFinding) {
    for (connection, model) in connections where connection.isOpen && !connection.isFull {
      try model.checkAtRest()
    }
  }

  /// Everybody has gone, and every session has ended: nothing is left.
  func checkEmpty() throws(FuzzFinding) {
    let memory = broker.memory
    let totals = [memory.queuedBytes, memory.unsentBytes, memory.unreadBytes, memory.stateBytes]
    try expect(totals.allSatisfy { $0 == 0 }, "queued, unsent, unread and state bytes left: \(totals)")
    let statistics = broker.statistics
    let counts = [
      statistics.connections, statistics.sessions, statistics.subscriptions, statistics.sharedSubscriptions,
      statistics.queuedMessages, statistics.queuedBytes, broker.sessionCount, broker.connectionCount,
    ]
    try expect(counts.allSatisfy { $0 == 0 }, "counted, and nobody is there: \(counts)")
    try expect(!broker.hasSystemSubscribers, "somebody listens to $SYS, and nobody is there")
    for completion in completions {
      try expect(completion.count == 1, "a publish of the hub was answered \(completion.count) times")
    }
    for report in reports {
      try expect(report.count <= 1, "the fate of a message was told \(report.count) times")
    }
  }
}

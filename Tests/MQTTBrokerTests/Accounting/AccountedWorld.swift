import Durability
import MQTTProtocol
import MQTTTestSupport

@testable import MQTTBroker

/// A broker with small limits and a handful of clients that do whatever the seed says.
final class AccountedWorld {
  static let names = (0..<6).map { "c\($0)" }
  static let topics = ["a", "a/b", "a/b/c", "b", "v1/devices/c1/telemetry", "v1/devices/c2/commands"]
  static let filters = [
    "a", "a/#", "+/b", "#", "b", "$share/g/a", "$share/g/#", "$share/h/a/b", "$SYS/#", "v1/devices/me/telemetry",
    "v1/devices/me/commands", "$share/g/v1/devices/me/telemetry",
  ]

  let network: TestBroker
  let commitQueue: ManualCommitQueue
  private let commitsAtOnce: Bool
  private var random: SeededGenerator
  var clients: [AccountedClient] = []

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let limits = Self.limits(&random)
    commitQueue = ManualCommitQueue()
    commitsAtOnce = Bool.random(using: &random)
    network = TestBroker(
      shards: Int.random(in: 1...3, using: &random), limits: limits,
      commitQueue: commitsAtOnce ? MemoryCommitQueue() : commitQueue)
    for sink in network.sinks { sink.isDurable = true }
    self.random = random
  }

  private static func limits(_ random: inout SeededGenerator) -> BrokerLimits {
    func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
    var limits = BrokerLimits()
    limits.sessionQueueMessages = 8
    limits.maximumSubscriptionsPerClient = 6
    limits.receiveMaximum = 6
    limits.maximumInflight = 4
    limits.topicAliasMaximum = 4
    limits.maximumRetainedMessages = 4
    limits.maximumInternedTopics = 4
    limits.connectionOutputBytes = 2_000
    if one(in: 2) { limits.retainedStepsPerEvent = 2 }
    if one(in: 2) { limits.sessionQueueBytes = 1_500 }
    if one(in: 3) { limits.totalOutputBytes = 6_000 }
    if one(in: 3) { limits.totalStateBytes = 10_000 }
    if one(in: 3) { limits.maximumSessions = 4 }
    if one(in: 4) { limits.maximumPacketSize = 400 }
    return limits
  }

  // MARK: Chance

  func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

  /// True once in so many times.
  func one(in count: Int) -> Bool { number(0..<count) == 0 }

  func pick<Element>(_ elements: [Element]) -> Element { elements[number(0..<elements.count)] }

  func payload(below count: Int) -> String { String(repeating: "x", count: number(0..<count)) }

  // MARK: The run

  /// What is wrong; nil where all is well.
  func run(steps: Int) -> String? {
    for number in 0..<steps {
      step()
      guard number % 9 == 0 else { continue }
      settle()
      if let problem = recount() { return "step \(number): \(problem)" }
    }
    for client in clients where !client.output.isClosed {
      client.takesAll()
      client.lost()
    }
    for _ in 0..<20 {
      network.advance(milliseconds: 2_000)
      settle()
    }
    // Sessions of 3.1.1 stay for a week.
    for milliseconds in [8 * 86_400_000, 1_000] as [Int64] {
      network.advance(milliseconds: milliseconds)
      settle()
    }
    if let problem = recount() { return "at the end: \(problem)" }
    let (broker, memory) = (network.broker, network.broker.memory)
    let left = [memory.queuedBytes, memory.stateBytes, memory.unsentBytes, broker.sessionCount, broker.connectionCount]
    return left.allSatisfy { $0 == 0 } ? nil : "at the end \(left) are left"
  }

  /// Until nothing is under way between loops, or waits for a commit.
  private func settle() {
    for _ in 0..<6 {
      commitQueue.commit()
      network.run()
      if network.shards.allSatisfy({ $0.heldEffects.isEmpty && $0.awaitingTurn.isEmpty && $0.mailbox.waiting == 0 }) {
        break
      }
    }
    for client in clients where client.output.isClosed { client.takesAll() }
    clients.removeAll { $0.output.isClosed }
  }

  private func step() {
    switch number(0..<24) {
    case 0...2: connect()
    case 3: network.advance(milliseconds: Int64(number(0..<6_000)))
    case 4...6: pick(network.shards).drainMailbox(at: network.time)
    case 7, 8:
      commitQueue.commit(number(0..<commitQueue.waiting + 1))
    default:
      let open = clients.filter { !$0.output.isClosed }
      if !open.isEmpty { act(pick(open)) }
    }
  }

  private func connect() {
    let name = pick(Self.names)
    let version: ProtocolVersion = one(in: 3) ? .v3_1_1 : .v5
    var properties: Properties = []
    if version == .v5 {
      if !one(in: 3) { properties.append(.sessionExpiryInterval(UInt32(number(0..<20)))) }
      if one(in: 2) { properties.append(.receiveMaximum(UInt16(number(1..<4)))) }
      if one(in: 2) { properties.append(.topicAliasMaximum(UInt16(number(0..<3)))) }
      if one(in: 4) { properties.append(.maximumPacketSize(UInt32(number(15..<215)))) }
    }
    var will: Will?
    if one(in: 2) {
      will = Will(
        topic: pick(["a", "b", "v1/devices/\(name)/status"]), payload: Array(payload(below: 100).utf8),
        qos: pick(QoS.allCases), retain: one(in: 3),
        properties: version == .v5 && one(in: 2) ? [.willDelayInterval(UInt32(number(0..<10)))] : [])
    }
    let client = AccountedClient(network, shard: number(0..<network.shards.count))
    client.client.send(
      .connect(
        ConnectPacket(
          version: version, cleanStart: one(in: 3), keepAlive: one(in: 4) ? 5 : 0, clientIdentifier: name, will: will,
          properties: properties)), drains: one(in: 2))
    clients.append(client)
  }
}

import MQTTBroker
import MQTTProtocol
import MQTTTestSupport

/// A broker with its event loops, its clients, the network between them and the commit queue behind it, all moved by
/// one seed: no thread, no clock, no chance but the seed's.
final class SimulatedWorld {
  enum Phase {
    case active
    /// Faults have ended and every client comes back to fetch what waits for it.
    case settling
    /// Every client leaves for good.
    case leaving
  }

  let profile: SimulationProfile
  /// Bytes that may be kept at most, of which kind.
  let mostWaiting: Int
  let mostUnsent: Int
  let mostState: Int
  let sabotage: Sabotage
  var random: SimulationRandom
  private(set) var now: Int64 = 1_000_000
  private var wallOffset: Int64 = 1_700_000_000_000
  var phase = Phase.active
  var actionsLeft: Int
  private(set) var events = 0

  var broker: Broker
  var shards: [BrokerShard] = []
  var sinks: [SimulatedSink] = []
  var commitQueue: ManualCommitQueue
  let database = SimulatedDatabase()
  /// What former runs of the hub have dropped.
  var formerlyDropped = BrokerStatistics().dropped
  var restartsLeft: Int
  let model: DeliveryModel
  private(set) var clients: [SimulatedClient] = []
  var links: [SimulatedLink] = []
  var channels: [ServerChannel] = []
  /// Places of links of which the server still has its end.
  var liveLinks: [Int] = []
  private var queue = EventQueue()
  private let wakes: ShardWakes
  private var isDrainPlanned: [Bool]
  private var isCommitPlanned = false
  /// Gets a line for everything that happens; nil while nobody reads it.
  private let tracer: ((String) -> Void)?

  init(
    profile: SimulationProfile, random: SimulationRandom, sabotage: Sabotage, tracer: ((String) -> Void)?
  ) {
    self.profile = profile
    let limits = profile.limits
    // While another event loop is asked to shed, a sixteenth more is taken; tables of what is in flight double.
    mostWaiting = limits.totalOutputBytes + limits.totalOutputBytes / 16 + 16_384
    // SUBACK, UNSUBACK and acknowledgements of one read come on top.
    mostUnsent = limits.connectionOutputBytes + 8_192
    mostState = limits.totalStateBytes
    self.sabotage = sabotage
    self.tracer = tracer
    actionsLeft = profile.actions
    restartsLeft = profile.restarts
    commitQueue = ManualCommitQueue()
    broker = Broker(limits: profile.limits, shardCount: profile.shardCount, commitQueue: commitQueue)
    wakes = ShardWakes(count: profile.shardCount)
    isDrainPlanned = Array(repeating: false, count: profile.shardCount)
    // The last client is the one that looks at what is retained in the end.
    model = DeliveryModel(profile: profile, clients: profile.clientCount + 1, now: now)
    self.random = random
    makeShards()
    for index in shards.indices { plan(.tick(shard: index), in: self.random.time(0...1_000)) }
    for index in 0...profile.clientCount {
      let isAuditor = index == profile.clientCount
      let version = isAuditor || self.random.chance(65) ? ProtocolVersion.v5 : .v3_1_1
      clients.append(SimulatedClient(index: index, version: version, world: self))
      if !isAuditor {
        plan(.clientConnects(client: index), in: self.random.time(0...200))
        plan(.clientActs(client: index), in: self.random.time(0...500))
      }
    }
    // What is kept over a restart is kept by the wall clock.
    if profile.restarts == 0 { plan(.clockJumps, in: self.random.time(100...20_000)) }
    planDeath()
    trace { profile.summary }
  }

  /// The event loops of a new broker.
  func makeShards() {
    database.follow(commitQueue)
    sinks = (0..<profile.shardCount).map { _ in
      SimulatedSink(
        commitQueue: commitQueue, durablePercent: profile.durablePercent,
        random: SimulationRandom(seed: random.next()))
    }
    shards = sinks.enumerated().map { index, sink in
      let shard = BrokerShard(broker: broker, index: index, sink: sink)
      shard.mailbox.setWake { [wakes] in wakes.request(index) }
      return shard
    }
  }

  var time: BrokerTime { BrokerTime(monotonic: now, wall: now + wallOffset) }

  var auditor: SimulatedClient { clients[profile.clientCount] }

  func trace(_ line: () -> String) {
    guard let tracer else { return }
    tracer("\(now - 1_000_000) " + line())
  }

  func plan(_ event: WorldEvent, in milliseconds: Int64) { queue.plan(event, at: now + milliseconds) }

  /// Lets one thing happen; false when the model has seen what may not be.
  func step() -> Bool {
    guard let (time, event) = queue.next() else { return false }
    now = max(now, time)
    model.now = now
    events += 1
    perform(event)
    afterEvent()
    return model.failure == nil
  }

  private func perform(_ event: WorldEvent) {
    switch event {
    case .clientActs(let client): clientActs(clients[client])
    case .clientConnects(let client):
      if clients[client].state == .offline { clients[client].connect(phase == .active ? .work : .homecoming) }
    case .clientKeepsAlive(let client, let link): clientKeepsAlive(clients[client], links[link])
    case .clientResumesReading(let client, let link): resumeReading(clients[client], links[link])
    case .clientReleasesAcknowledgements(let client, let link):
      if clients[client].link === links[link] { clients[client].releaseAcknowledgements() }
    case .clientGivesUp(let client, let link):
      if clients[client].link === links[link] { clients[client].lost() }
    case .bytesReachServer(let link): bytesReachServer(links[link])
    case .bytesReachClient(let link): bytesReachClient(links[link])
    case .socketDrains(let link): socketDrains(links[link])
    case .drainMailbox(let shard):
      isDrainPlanned[shard] = false
      trace { "shard \(shard) looks into its mailbox" }
      shards[shard].drainMailbox(at: self.time)
    case .tick(let shard):
      trace { "shard \(shard) ticks" }
      shards[shard].timePassed(to: self.time)
      checkKeepAlive(of: shard)
      plan(.tick(shard: shard), in: random.time(900...1_100))
    case .commit: commit()
    case .hubDies: hubDies()
    case .clockJumps:
      wallOffset += (random.chance(50) ? 1 : -1) * random.time(1...100_000_000)
      plan(.clockJumps, in: random.time(100...20_000))
    }
  }

  private func commit() {
    isCommitPlanned = false
    let waiting = commitQueue.waiting
    guard waiting > 0 else { return }
    let count = random.chance(70) ? waiting : random.number(1...waiting)
    trace { "\(count) of \(waiting) records are committed" }
    commitQueue.commit(count)
    // Where what was acknowledged by it has just left, and the other loops have not done their part.
    if restartsLeft > 0, random.chance(8) { planDeath(within: 10) }
  }

  /// What one event has set in motion gets its time.
  private func afterEvent() {
    for shard in shards.indices where wakes.take(shard) && !isDrainPlanned[shard] {
      isDrainPlanned[shard] = true
      plan(.drainMailbox(shard: shard), in: random.time(0...profile.mailboxDelay))
    }
    if !isCommitPlanned, commitQueue.waiting > 0 {
      isCommitPlanned = true
      // Now and then the disk is in trouble.
      let delay = random.chance(1) && profile.durablePercent > 0 ? 4_000 : profile.commitDelay
      plan(.commit, in: random.time(0...delay))
    }
    model.eventEnded()
    if profile.restarts > 0, !isServerBusy { model.becameDurable() }
    checkMemory()
  }

  /// Whether event loops or the disk still have something to do.
  var isServerBusy: Bool { isDrainPlanned.contains(true) || commitQueue.waiting > 0 }
}

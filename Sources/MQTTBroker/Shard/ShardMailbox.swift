import Synchronization

/// What one event loop asks of another's shard.
enum ShardMessage: Sendable {
  /// Deliver to one subscriber; `serial` is what the delivery was recorded as, 0 where it was not.
  case deliver(StoredMessage, RouteTarget, serial: UInt64)
  /// Deliver to all of these; those that are recorded have serials in their order, from this one on.
  case fanOut(StoredMessage, [RouteTarget], firstSerial: UInt64)
  /// End the connection of `former` and grant its client identifier, with the session if that goes on, to `heir`.
  case claim(former: ClientClaim, heir: Heir)
  case grant(ClientClaim, SessionParcel?)
  /// Say to the loop that a session leaves that nothing more will be sent there.
  case fence(SessionMove)
  case fenced(SessionMove)
  /// Give what waits here for absent members of a group to one that is connected, as much as it has room for.
  case giveWaiting(ShareGroup, to: RouteTarget, QueueRoom)
  /// Deliver to a member of a group what waited for another, to which it goes back where there is no room for it; nil
  /// where it does.
  case handOn(StoredMessage, to: RouteTarget, serial: UInt64, from: RouteTarget?)
  /// Drop what waits for the biggest users of this loop.
  case shed(bytes: Int)
  case publish(HubPublish)
}

extension ShardMessage {
  /// What it counts for while it is under way. Only messages of clients do: the others are few, and never dropped.
  var byteCount: Int {
    switch self {
    case .deliver(let message, _, _), .handOn(let message, _, _, _): message.byteCount
    case .fanOut(let message, let targets, _): message.byteCount + targets.count * MemoryLayout<RouteTarget>.stride
    case .publish(let publish): publish.topic.count + publish.payload.count
    case .claim, .grant, .fence, .fenced, .giveWaiting, .shed: 0
    }
  }
}

/// What one loop has for another until the current event ends.
struct ShardOutbox {
  private(set) var messages: [ShardMessage] = []
  private(set) var byteCount = 0

  mutating func append(_ message: ShardMessage) {
    messages.append(message)
    byteCount += message.byteCount
  }

  /// Keeps its room for the next event.
  mutating func removeAll() {
    messages.removeAll(keepingCapacity: true)
    byteCount = 0
  }
}

/// A claim that waits for another.
struct Heir: Sendable {
  let claim: ClientClaim
  /// Clean Start: the session so far ends.
  let discardsSession: Bool
}

/// Messages for one shard, from any thread. The shard is woken once for as many as have gathered.
package final class ShardMailbox: Sendable {
  private struct State {
    var messages: [ShardMessage] = []
    var isWakeRequested = false
    var wake: (@Sendable () -> Void)?
    var turn: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private let count = Atomic<Int>(0)
  private let bytes = Atomic<Int>(0)

  /// Messages not yet handled.
  var waiting: Int { count.load(ordering: .relaxed) }
  /// Their bytes.
  var waitingBytes: Int { bytes.load(ordering: .relaxed) }

  /// How to have the shard's event loop call `BrokerShard.drainMailbox`; `turn` is how to have it called once the loop's
  /// other events had theirs, and may be asked for again before it comes.
  package func setWake(_ wake: @escaping @Sendable () -> Void, turn: (@Sendable () -> Void)? = nil) {
    let isLate = state.withLock { state in
      state.wake = wake
      state.turn = turn
      return state.isWakeRequested
    }
    if isLate { wake() }
  }

  /// The event loop has ended; what comes now is dropped.
  package func close() {
    state.withLock { state in
      state.wake = nil
      state.turn = nil
    }
  }

  func post(_ outbox: ShardOutbox) {
    count.add(outbox.messages.count, ordering: .relaxed)
    bytes.add(outbox.byteCount, ordering: .relaxed)
    wakeIfNeeded { $0.messages.append(contentsOf: outbox.messages) }
  }

  func requestWake() { wakeIfNeeded { _ in } }

  /// Has the shard go on with what it left undone for the sake of others.
  func requestTurn() {
    if let turn = state.withLock({ $0.turn }) { turn() } else { requestWake() }
  }

  private func wakeIfNeeded(_ change: (inout State) -> Void) {
    let wake = state.withLock { state -> (@Sendable () -> Void)? in
      change(&state)
      guard !state.isWakeRequested else { return nil }
      state.isWakeRequested = true
      return state.wake
    }
    wake?()
  }

  func takeAll() -> [ShardMessage] {
    state.withLock { state in
      state.isWakeRequested = false
      var messages: [ShardMessage] = []
      swap(&messages, &state.messages)
      return messages
    }
  }

  /// Messages that were taken are handled, and count no more.
  func handled(_ messages: Int, byteCount: Int) {
    count.subtract(messages, ordering: .relaxed)
    bytes.subtract(byteCount, ordering: .relaxed)
  }
}

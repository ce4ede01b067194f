import Synchronization

/// What one event loop asks of another's shard.
enum ShardMessage: Sendable {
  /// Deliver to one subscriber.
  case deliver(StoredMessage, RouteTarget)
  /// Deliver to all of these.
  case fanOut(StoredMessage, [RouteTarget])
  /// End the connection of `former` and grant its client identifier, with the session if that goes on, to `heir`.
  case claim(former: ClientClaim, heir: Heir)
  case grant(ClientClaim, SessionParcel?)
  /// Say to the loop that a session leaves that nothing more will be sent there.
  case fence(SessionMove)
  case fenced(SessionMove)
  /// Give what waits here for a member of a group to one that is connected.
  case handOn(Subscriber, ShareGroup)
  /// Drop what waits for the biggest users of this loop.
  case shed(bytes: Int)
  case publish(HubPublish)
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
  }

  private let state = Mutex(State())
  private let count = Atomic<Int>(0)

  /// Messages not yet taken.
  var waiting: Int { count.load(ordering: .relaxed) }

  /// How to have the shard's event loop call `BrokerShard.drainMailbox`.
  package func setWake(_ wake: @escaping @Sendable () -> Void) {
    let isLate = state.withLock { state in
      state.wake = wake
      return state.isWakeRequested
    }
    if isLate { wake() }
  }

  /// The event loop has ended; what comes now is dropped.
  package func close() {
    state.withLock { $0.wake = nil }
  }

  func post(_ messages: [ShardMessage]) {
    count.add(messages.count, ordering: .relaxed)
    wakeIfNeeded { $0.messages.append(contentsOf: messages) }
  }

  func requestWake() { wakeIfNeeded { _ in } }

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
    let messages = state.withLock { state in
      state.isWakeRequested = false
      var messages: [ShardMessage] = []
      swap(&messages, &state.messages)
      return messages
    }
    count.subtract(messages.count, ordering: .relaxed)
    return messages
  }
}

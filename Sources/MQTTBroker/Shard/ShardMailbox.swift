import Synchronization

/// What one event loop asks of another's shard.
enum ShardMessage: Sendable {
  /// Deliver to one subscriber.
  case deliver(StoredMessage, RouteTarget)
  /// End this connection: its session goes on at another, which waits for `takenOver`.
  case takeOver(Subscriber, by: Subscriber)
  case takenOver(by: Subscriber)
  case publish(HubPublish)
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

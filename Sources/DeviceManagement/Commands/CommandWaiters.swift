/// Those who wait for commands to become final.
struct CommandWaiters {
  typealias Continuation = CheckedContinuation<Command?, Never>

  /// Waiters to be resumed outside the lock.
  struct Released {
    var continuations: [Continuation] = []
    var command: Command?

    func resume() {
      for continuation in continuations { continuation.resume(returning: command) }
    }
  }

  private var waiting: [String: [UInt64: Continuation]] = [:]
  private var cancelledBeforeWaiting: Set<UInt64> = []
  private var lastToken: UInt64 = 0
  private(set) var count = 0

  mutating func makeToken() -> UInt64 {
    lastToken &+= 1
    return lastToken
  }

  /// False where the wait was cancelled before it began.
  mutating func add(_ continuation: Continuation, token: UInt64, id: String) -> Bool {
    guard cancelledBeforeWaiting.remove(token) == nil else { return false }
    waiting[id, default: [:]][token] = continuation
    count += 1
    return true
  }

  /// Takes out a waiter whose caller is gone; one that has not begun will not.
  mutating func cancel(token: UInt64, id: String) -> Continuation? {
    guard let continuation = waiting[id]?.removeValue(forKey: token) else {
      cancelledBeforeWaiting.insert(token)
      return nil
    }
    if waiting[id]?.isEmpty == true { waiting[id] = nil }
    count -= 1
    return continuation
  }

  /// The wait is over, one way or the other: its token is forgotten.
  mutating func ended(token: UInt64) { cancelledBeforeWaiting.remove(token) }

  /// Takes out whoever waits for this command, if it is final.
  mutating func takeReleased(by command: Command?) -> Released {
    guard let command, command.state.isFinal, let waiters = waiting.removeValue(forKey: command.id) else {
      return Released()
    }
    count -= waiters.count
    return Released(continuations: Array(waiters.values), command: command)
  }
}

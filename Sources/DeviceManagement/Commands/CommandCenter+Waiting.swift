import Synchronization

extension CommandCenter {
  /// The command once it is final, or as it is after `timeout`, or when the caller's task is cancelled; nil where there
  /// is none. Nothing polls. Beyond `maximumWaiters` it returns at once.
  package func wait<C: Clock>(for id: String, timeout: Duration, clock: C) async -> Command?
  where C.Duration == Duration {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.waitUntilFinal(id) }
      group.addTask { try? await clock.sleep(for: timeout) }
      await group.next()
      group.cancelAll()
    }
    return get(id)
  }

  /// Callers that wait now.
  package var waiterCount: Int { state.withLock { $0.waiters.count } }

  /// Returns when the command is final, or there is none, or the task is cancelled.
  private func waitUntilFinal(_ id: String) async {
    let token = state.withLock { $0.waiters.makeToken() }
    _ = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CommandWaiters.Continuation) in
        let waits = state.withLock { state in
          guard let command = state.ledger[id], !command.state.isFinal, state.waiters.count < limits.maximumWaiters
          else { return false }
          return state.waiters.add(continuation, token: token, id: id)
        }
        if !waits { continuation.resume(returning: nil) }
      }
    } onCancel: {
      state.withLock { $0.waiters.cancel(token: token, id: id) }?.resume(returning: nil)
    }
    state.withLock { $0.waiters.ended(token: token) }
  }
}

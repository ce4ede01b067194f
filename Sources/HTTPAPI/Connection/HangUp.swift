import Synchronization

/// Tells those who work for a connection that its client has gone.
final class HangUp: Sendable {
  private struct State {
    var hasHappened = false
    var actions: [UInt64: @Sendable () -> Void] = [:]
    var lastToken: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Runs `action` once when the client goes, at once if it has gone. Returns what `cancel` takes.
  func onHangUp(_ action: @escaping @Sendable () -> Void) -> UInt64? {
    let token: UInt64? = state.withLock { state in
      guard !state.hasHappened else { return nil }
      state.lastToken &+= 1
      state.actions[state.lastToken] = action
      return state.lastToken
    }
    if token == nil { action() }
    return token
  }

  func cancel(_ token: UInt64?) {
    guard let token else { return }
    state.withLock { _ = $0.actions.removeValue(forKey: token) }
  }

  func happened() {
    let actions = state.withLock { state in
      state.hasHappened = true
      defer { state.actions = [:] }
      return Array(state.actions.values)
    }
    for action in actions { action() }
  }
}

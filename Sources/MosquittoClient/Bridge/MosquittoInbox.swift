internal import Synchronization

/// Events that libmosquitto's callbacks left for the client's owner; the callbacks' `userdata`.
final class MosquittoInbox: Sendable {
  private struct State {
    var events: [MosquittoEvent] = []
    var isOpen = false
  }

  private let state = Mutex(State())

  /// The TCP connection stands: the next end is worth an event.
  func connectionOpened() { state.withLock { $0.isOpen = true } }

  func append(_ event: MosquittoEvent) { state.withLock { $0.events.append(event) } }

  /// Records the end of the connection, once a connection.
  func connectionEnded(_ error: MosquittoError?) {
    state.withLock {
      guard $0.isOpen else { return }
      $0.isOpen = false
      $0.events.append(.disconnected(error))
    }
  }

  /// Records a refusing CONNACK, which is also the connection's end.
  func connectionRefused(_ code: MosquittoReasonCode) {
    state.withLock {
      $0.isOpen = false
      $0.events.append(.refused(code))
    }
  }

  /// Whether the connection's end was not seen yet.
  var isOpen: Bool { state.withLock { $0.isOpen } }

  /// Hands out all events and forgets them.
  func takeAll() -> [MosquittoEvent] {
    state.withLock { state in
      guard !state.events.isEmpty else { return [] }
      var taken: [MosquittoEvent] = []
      swap(&taken, &state.events)
      return taken
    }
  }

  /// Hands out the first event that `match` accepts and forgets it; the others stay.
  func takeFirst<Match>(_ match: (MosquittoEvent) -> Match?) -> Match? {
    // The predicate runs outside the lock: it is the caller's code.
    let events = takeAll()
    var found: Match?
    var kept: [MosquittoEvent] = []
    for event in events {
      if found == nil, let value = match(event) { found = value } else { kept.append(event) }
    }
    state.withLock { $0.events.insert(contentsOf: kept, at: 0) }
    return found
  }
}

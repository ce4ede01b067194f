import MQTTBroker

/// What all clients together know of the hub.
final class HubModel {
  var published = PublishedMessages()
  /// By client identifier.
  var sessions: [String: SessionModel] = [:]
  /// Every client identifier that anyone used.
  var clientIdentifiers: Set<String> = []
  /// Sessions that memory for all clients cost, as the hub counts them, and those that clients missed.
  var evictedSessions = 0
  var lostSessions = 0
  /// Seconds.
  let maximumSessionExpiry: UInt32
  private let clock: FuzzClock

  init(clock: FuzzClock, maximumSessionExpiry: UInt32) {
    self.clock = clock
    self.maximumSessionExpiry = maximumSessionExpiry
  }

  var now: Int64 { clock.now.monotonic }

  /// The session of a client, begun here where it is not known.
  func session(of clientIdentifier: String) -> SessionModel {
    if let session = sessions[clientIdentifier] { return session }
    let session = SessionModel()
    sessions[clientIdentifier] = session
    return session
  }

  /// Time has passed, and the hub was at rest: what is over is gone.
  func settleExpired() {
    sessions = sessions.filter { !$0.value.isOver(at: now) }
  }
}

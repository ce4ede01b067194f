import DequeModule
import MQTTProtocol

/// Keeps what waits for slow and absent clients within its bounds: each client's own, and one for all, at which the
/// biggest user loses first.
extension BrokerShard {
  /// Unsent bytes from which a connection counts as clogged, when memory for all is full.
  private static let cloggedBytes = 64 * 1024

  /// Whether a client has so much unsent output, or any while all clients together have too much, that no more is added.
  @inline(__always)
  func isBlocked(_ connection: ClientConnection, at time: BrokerTime) -> Bool {
    let pending = connection.output.pendingBytes
    return pending > 0 && isBlocked(connection, pending, at: time)
  }

  private func isBlocked(_ connection: ClientConnection, _ pending: Int, at time: BrokerTime) -> Bool {
    if pending >= limits.connectionOutputBytes { return true }
    guard broker.memory.isOutputFull() else { return false }
    // What its socket takes at once does not wait.
    connection.output.flush()
    if connection.output.pendingBytes == 0 { return false }
    return !makeRoom(for: 0, at: time) || connection.isClosed
  }

  /// Whether a session that keeps what is in flight may keep so much more.
  func hasRoomToKeep(_ size: Int, _ session: ClientSession, at time: BrokerTime) -> Bool {
    guard session.isPersistent else { return true }
    return session.outbound.accountedBytes + size <= limits.sessionQueueBytes
      && (!broker.memory.isOutputFull(with: size) || makeRoom(for: size, at: time))
  }

  /// False where a limit keeps it from waiting: it is dropped and counted.
  @discardableResult
  func enqueue(_ queued: OutboundFlow.Queued, for session: ClientSession, at time: BrokerTime) -> Bool {
    let size = queued.accountedBytes
    let isWithinOwn =
      session.outbound.queuedCount < limits.sessionQueueMessages
      && session.outbound.accountedBytes + size <= limits.sessionQueueBytes
    guard isWithinOwn else {
      statistics.dropped.queueFull += 1
      queued.receipt?.couldNotLeave()
      return false
    }
    guard !broker.memory.isOutputFull(with: size) || makeRoom(for: size, at: time) else {
      statistics.dropped.totalFull += 1
      queued.receipt?.couldNotLeave()
      return false
    }
    // Making room may have ended it.
    guard !session.isEnded else {
      queued.receipt?.couldNotLeave()
      return false
    }
    session.outbound.enqueued(queued)
    account(session)
    return true
  }

  /// Keeps the totals of all session queues.
  func account(_ session: ClientSession) {
    let bytes = session.keptBytes - session.accountedBytes
    let messages = session.outbound.queuedCount - session.accountedMessages
    guard bytes != 0 || messages != 0 else { return }
    broker.memory.queuesChanged(by: bytes)
    session.accountedBytes += bytes
    session.accountedMessages += messages
    // One that is on its way to another loop is counted there.
    if session.slot >= 0 {
      statistics.queuedBytes += bytes
      statistics.queuedMessages += messages
    }
    if session.accountedBytes > largestUser {
      largestUser = session.accountedBytes
      broker.memory.largestUserChanged(to: largestUser, on: index)
    }
  }

  /// Frees memory of all clients' total for `size` bytes more, at the cost of the biggest user. False where nothing can
  /// be freed at once.
  private func makeRoom(for size: Int, at time: BrokerTime) -> Bool {
    // In large steps, so that the biggest user is not looked for with every message.
    let goal = max(size, limits.totalOutputBytes / 16)
    if let other = broker.memory.shardOfLargerUser(than: largestUser, besides: index) {
      if !broker.memory.isOutputFull(with: size - goal) {
        // It is asked to shed; until it has, a little more than the total is taken.
        if broker.memory.requestShedding(on: other) { post(.shed(bytes: goal), to: other) }
        return true
      }
    }
    shed(bytes: goal, at: time)
    return !broker.memory.isOutputFull(with: size)
  }

  /// Drops the newest of what waits for this loop's biggest users, and the connection of one that is all unsent output.
  func shed(bytes goal: Int, at time: BrokerTime) {
    broker.memory.sheddingEnded(on: index)
    // To end one user's session may hand its messages to another, who has no room either.
    guard !isShedding else { return }
    isShedding = true
    defer { isShedding = false }
    guard broker.memory.isOutputFull(with: goal) else { return }
    var users = sessions.compactMap { session -> (session: ClientSession, bytes: Int)? in
      guard let session else { return nil }
      let bytes = usage(of: session)
      return bytes > 0 ? (session, bytes) : nil
    }
    users.sort { $0.bytes > $1.bytes }
    var left = goal
    for (place, user) in users.enumerated() where left > 0 {
      let before = usage(of: user.session)
      // Not below the next one, which is then the biggest.
      let next = place + 1 < users.count ? users[place + 1].bytes : 0
      let share = max(min(left, before - next), min(left, before / 2))
      statistics.dropped.totalFull += user.session.shed(bytes: share)
      account(user.session)
      if usage(of: user.session) > before - share, let connection = user.session.connection, connection.isConnected,
        connection.output.isFull, connection.output.pendingBytes >= Self.cloggedBytes
      {
        connection.output.discardUnsent()
        end(connection, because: .refused(.quotaExceeded), publishesWill: true, at: time)
      }
      left -= before - usage(of: user.session)
    }
    measureLargestUser()
  }

  private func usage(of session: ClientSession) -> Int {
    session.accountedBytes + (session.connection?.output.pendingBytes ?? 0)
  }

  /// Tells the other loops how much the biggest user of this one has.
  func measureLargestUser() {
    // Nobody asks while there is plenty.
    guard broker.memory.isOutputFull(with: limits.totalOutputBytes / 2) else { return }
    largestUser = sessions.reduce(0) { max($0, $1.map(usage) ?? 0) }
    broker.memory.largestUserChanged(to: largestUser, on: index)
  }
}

extension ClientSession {
  /// Drops the newest of what waits until `bytes` are free; returns how many messages those were.
  fileprivate func shed(bytes: Int) -> Int {
    var left = bytes
    var count = 0
    for index in retainedWalks.indices.reversed() where left > 0 {
      let before = retainedWalks[index].byteCount
      count += retainedWalks[index].shed(bytes: left)
      left -= before - retainedWalks[index].byteCount
    }
    retainedWalks.removeAll { $0.isEmpty }
    return count + outbound.shed(bytes: left)
  }
}

import DequeModule
import MQTTProtocol

/// A client that memory for all costs more than what waits in its queue.
struct Condemned {
  let session: ClientSession
  /// The connection it had then: who has come since is another.
  let connection: ClientConnection?
  /// Its session too, not just its connection.
  let losesSession: Bool
}

/// Keeps what waits for slow and absent clients within its bounds: each client's own, and one for all, at which the
/// biggest user loses first.
extension BrokerShard {
  /// How often to look again where there was nothing to shed.
  private static let sheddingInterval: Int64 = 1_000

  /// Whether a client has so much unsent output, or any while all clients together have too much, that no more is added.
  @inline(__always)
  func isBlocked(_ connection: ClientConnection) -> Bool {
    let pending = connection.output.pendingBytes
    return (pending > 0 || broker.memory.isOutputFull()) && isBlocked(connection, pending)
  }

  private func isBlocked(_ connection: ClientConnection, _ pending: Int) -> Bool {
    if pending >= limits.connectionOutputBytes { return true }
    guard broker.memory.isOutputFull() else { return false }
    // What its socket takes at once does not wait.
    connection.output.flush()
    return connection.output.isFull || connection.output.pendingBytes > 0
  }

  /// The same for a message that is new: for it others may lose.
  @inline(__always)
  func isBlocked(_ connection: ClientConnection, makingRoomAt time: BrokerTime) -> Bool {
    if broker.memory.isOutputFull(), connection.output.pendingBytes < limits.connectionOutputBytes {
      _ = makeRoom(for: 0, at: time)
    }
    return isBlocked(connection)
  }

  /// Whether a session may have one more message of so many bytes in flight; it keeps them where it outlives its
  /// connection.
  func hasRoomToKeep(_ size: Int, _ session: ClientSession, at time: BrokerTime) -> Bool {
    let kept = session.isDurable ? size : 0
    return session.outbound.messageBytes + kept <= limits.sessionQueueBytes
      && (!broker.memory.isOutputFull(with: kept) || makeRoom(for: kept, at: time))
  }

  /// False where a limit keeps it from waiting: it is dropped and counted.
  @discardableResult
  func enqueue(_ queued: OutboundFlow.Queued, for session: ClientSession, at time: BrokerTime) -> Bool {
    var queued = queued
    guard hasRoomToWait(queued, session, at: time) else {
      queued.receipt?.couldNotLeave()
      recordEnd(queued.recorded, of: session.number)
      return false
    }
    if session.isDurable, queued.serial == 0 { queued.serial = recordDelivery(queued, to: session.number) }
    session.outbound.enqueued(queued)
    account(session)
    return true
  }

  private func hasRoomToWait(_ queued: OutboundFlow.Queued, _ session: ClientSession, at time: BrokerTime) -> Bool {
    let size = queued.accountedBytes
    let isWithinOwn =
      session.outbound.queuedCount < limits.sessionQueueMessages
      && session.outbound.messageBytes + size <= limits.sessionQueueBytes
    guard isWithinOwn else {
      statistics.dropped.queueFull += 1
      return false
    }
    guard !broker.memory.isOutputFull(with: size) || makeRoom(for: size, at: time) else {
      statistics.dropped.totalFull += 1
      return false
    }
    return true
  }

  /// Keeps the totals of all session queues.
  func account(_ session: ClientSession) {
    accountRetained(session)
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
    // So much more than the total is taken while somebody's end is due.
    let isWithinStep = !broker.memory.isOutputFull(with: size - goal)
    if isWithinStep, let other = broker.memory.shardOfLargerUser(than: largestUser, besides: index) {
      if broker.memory.requestShedding(on: other) { post(.shed(bytes: goal), to: other) }
      return true
    }
    shed(bytes: goal, at: time)
    return !broker.memory.isOutputFull(with: size) || (isWithinStep && !condemned.isEmpty)
  }

  /// Takes from this loop's biggest users: the newest of what waits, or more where that is not enough.
  func shed(bytes goal: Int, at time: BrokerTime) {
    broker.memory.sheddingEnded(on: index)
    guard broker.memory.isOutputFull(with: goal), mayHaveSomethingToShed(at: time) else { return }
    var users = sessions.compactMap { session -> (session: ClientSession, bytes: Int)? in
      guard let session else { return nil }
      let bytes = usage(of: session)
      return bytes > 0 ? (session, bytes) : nil
    }
    users.sort { $0.bytes > $1.bytes }
    var left = goal
    for (place, user) in users.enumerated() where left > 0 {
      // Not below the next one, which is then the biggest.
      let next = place + 1 < users.count ? users[place + 1].bytes : 0
      let share = max(min(left, user.bytes - next), min(left, user.bytes / 2))
      let shed = user.session.outbound.shed(bytes: share)
      statistics.dropped.totalFull += shed.count
      for recorded in shed.recorded { recordEnd(recorded, of: user.session.number) }
      account(user.session)
      let freed = user.bytes - usage(of: user.session)
      left -= freed
      if freed < share { left -= condemn(user.session, for: share, isSpared: freed > 0) }
    }
    if left == goal { nothingToShed = (time.monotonic &+ Self.sheddingInterval, broker.memory.unsentBytes) }
    measureLargestUser()
  }

  /// Whether it pays to look: not while an end is due, and not soon after there was nothing, unless a socket is full
  /// since.
  private func mayHaveSomethingToShed(at time: BrokerTime) -> Bool {
    guard condemned.isEmpty else { return false }
    guard let last = nothingToShed else { return true }
    return time.monotonic >= last.until || broker.memory.unsentBytes > last.unsentBytes
  }

  /// Has a client that takes nothing lose what keeps its memory, its session only where it is not `isSpared`; returns the
  /// bytes that this frees, unsent output at once, the others when the event ends.
  private func condemn(_ session: ClientSession, for share: Int, isSpared: Bool) -> Int {
    let usage = usage(of: session)
    if let connection = session.connection {
      // Not for the little that a client in the middle of fetching its messages has not taken yet.
      let freed = session.isPersistent ? connection.output.pendingBytes : usage
      if connection.output.isFull, connection.output.pendingBytes > 0, freed >= share / 2 {
        connection.output.discard()
        condemned.append(Condemned(session: session, connection: connection, losesSession: false))
        return freed
      }
      // Whoever acknowledges in its time is no hoarder, however much is under way.
      guard session.outbound.isStalled(for: limits.stallTimeout) else { return 0 }
    }
    guard !isSpared else { return 0 }
    condemned.append(Condemned(session: session, connection: session.connection, losesSession: true))
    return usage
  }

  /// Not before the event's end: a will, or a group's messages, would come into the middle of a delivery.
  func endCondemned(at time: BrokerTime) {
    while let next = condemned.popLast() {
      guard next.session.connection === next.connection else { continue }
      if let connection = next.connection {
        sendDisconnect(.quotaExceeded, to: connection)
        end(connection, because: .refused(.quotaExceeded), publishesWill: true, at: time)
      }
      if next.losesSession, next.session.slot >= 0 {
        statistics.sessionsEvicted += 1
        statistics.dropped.totalFull += next.session.outbound.queuedCount
        endSession(next.session, at: time)
      }
    }
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

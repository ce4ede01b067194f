import DequeModule
import Durability
import MQTTProtocol

/// Effects that wait for a commit, and their bounds: whoever has too many waiting is not read from until some have left.
extension BrokerShard {
  /// Holds an effect behind all others; or before them, until `sequence` is committed.
  func hold(_ effect: HeldEffect, first sequence: CommitSequence? = nil) {
    if let sequence {
      heldEffects.prepend((sequence, effect))
    } else {
      heldEffects.append((lastHeldSequence, effect))
    }
    guard let connection = effect.connection else { return }
    connection.heldBytes += effect.byteCount
    broker.memory.heldChanged(by: effect.byteCount)
    if !connection.isPaused, connection.isConnected, hasTooMuchHeld(connection) { pause(connection) }
  }

  /// An effect waits no more.
  func released(_ effect: HeldEffect) {
    guard let connection = effect.connection else { return }
    connection.heldBytes -= effect.byteCount
    broker.memory.heldChanged(by: -effect.byteCount)
    // Before CONNACK reading waits for that.
    resumeReadingIfPossible(connection)
  }

  private func resumeReadingIfPossible(_ connection: ClientConnection) {
    guard connection.isPaused, connection.isConnected, !connection.isAwaitingCommitRoom, !hasTooMuchHeld(connection)
    else { return }
    connection.isPaused = false
    resuming.append(connection)
  }

  // MARK: A full commit queue

  /// Reads no more from whoever has just published where too much waits for a commit; from others it does.
  func pausePublisherIfFull() {
    defer { publisherSlot = -1 }
    guard broker.commitQueue.isFull, connections.indices.contains(publisherSlot),
      let connection = connections[publisherSlot], connection.isConnected, !connection.isAwaitingCommitRoom
    else { return }
    connection.isAwaitingCommitRoom = true
    awaitingCommitRoom.append(connection)
    if !connection.isPaused { pause(connection) }
  }

  /// A commit may have made room: reads on from those who waited for it.
  func resumePublishers() {
    guard !awaitingCommitRoom.isEmpty, !broker.commitQueue.isFull else { return }
    for connection in awaitingCommitRoom {
      connection.isAwaitingCommitRoom = false
      resumeReadingIfPossible(connection)
    }
    awaitingCommitRoom.removeAll()
  }

  /// Whether something of a client's has not left yet.
  func hasEffects(of connection: ClientConnection) -> Bool {
    connection.heldBytes > 0 || unheldEffects.contains { $0.connection === connection }
  }

  /// Who has nothing waiting is read from whatever the others have.
  private func hasTooMuchHeld(_ connection: ClientConnection) -> Bool {
    connection.heldBytes >= limits.heldBytes || (connection.heldBytes > 0 && broker.memory.isHeldFull)
  }
}

extension HeldEffect {
  /// Whose answer it is, where it is a client's.
  fileprivate var connection: ClientConnection? {
    switch self {
    case .acknowledge(let connection, _, _, _), .receive(let connection, _, _, _), .release(let connection, _, _),
      .send(let connection, _), .accept(let connection, _), .disconnect(let connection), .lose(let connection):
      connection
    case .deliver, .yield, .free, .complete, .publish: nil
    }
  }

  /// What it counts for while it waits.
  fileprivate var byteCount: Int {
    switch self {
    case .receive(_, _, _, let message): 128 + message.byteCount
    case .send(_, let packet): 128 + packet.encodedSize(version: .v5)
    default: 128
    }
  }
}

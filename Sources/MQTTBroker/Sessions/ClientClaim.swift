import Synchronization

/// One CONNECT's claim to a client identifier. The newest holds the name; it gets the session, if one is to go on, from
/// the one before it.
package final class ClientClaim: Sendable {
  let id: UInt64
  let shard: Int
  let clientIdentifier: String
  /// Place of the connection in the shard's table.
  let connectionSlot: Int
  /// Place of the session in the shard's table, once granted. Written by that shard only.
  private let session = Atomic<Int>(-1)
  /// Whether the connection lives.
  private let connection = Atomic<Bool>(true)

  init(id: UInt64, shard: Int, connectionSlot: Int, clientIdentifier: String) {
    self.id = id
    self.shard = shard
    self.connectionSlot = connectionSlot
    self.clientIdentifier = clientIdentifier
  }

  var sessionSlot: Int? {
    get {
      let slot = session.load(ordering: .relaxed)
      return slot < 0 ? nil : slot
    }
  }

  var isConnected: Bool { connection.load(ordering: .relaxed) }

  func connectionEnded() { connection.store(false, ordering: .relaxed) }

  func holds(sessionSlot slot: Int) { session.store(slot, ordering: .relaxed) }
}

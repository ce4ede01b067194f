import MQTTBroker
import MQTTProtocol

/// The end of a run: all comes to rest, everybody leaves, every session ends.
extension HubWorld {
  func finish() throws(FuzzFinding) {
    try rest()
    for (connection, _) in connections { connection.drained() }
    try rest()
    // What the totals of all clients held back goes on with time, a packet at a time where they are full.
    for _ in 0..<24 { timePasses(milliseconds: 100) }
    try rest()
    try checkAtRest()
    if connections.count % 4 == 3 {
      try shutDown()
    } else {
      for (connection, _) in connections { connection.lost() }
    }
    try rest()
    for identifier in model.clientIdentifiers.sorted() where !identifier.isEmpty { try endSession(of: identifier) }
    // What was put off is due: wills, and sessions that nobody can name.
    timePasses(milliseconds: Int64(UInt32.max) * 1_000)
    try rest()
    try checkEmpty()
  }

  /// The hub stops: everybody is told, where there is a packet for it, and nobody is left.
  private func shutDown() throws(FuzzFinding) {
    let connected = connections.map(\.model).filter { $0.isConnected && $0.version == .v5 }
    for shard in shards { shard.shutDown(at: clock.now) }
    try check()
    try expect(connections.allSatisfy { !$0.connection.isOpen }, "the hub has stopped, and a connection is open")
    try expect(connected.allSatisfy(\.isToldOfEnd), "the hub has stopped, and did not say so")
  }

  /// Commits all and lets every loop look, until nothing moves.
  private func rest() throws(FuzzFinding) {
    for _ in 0..<4 {
      commit()
      try drainAll()
    }
    try check()
  }

  /// A clean start that is over at once ends whatever session there is.
  private func endSession(of identifier: String) throws(FuzzFinding) {
    // Longer than the hub takes: nobody has that one.
    guard identifier.utf8.count <= broker.limits.maximumClientIdentifierBytes else { return }
    let place = open(on: 0)
    let connect = ControlPacket.connect(ConnectPacket(version: .v3_1_1, clientIdentifier: identifier))
    connections[place].connection.sent(connect.encoded(version: .v3_1_1))
    try rest()
    try expect(connections[place].model.isConnected, "a clean start of \(identifier) is refused")
    connections[place].connection.sent(ControlPacket.disconnect(DisconnectPacket()).encoded(version: .v3_1_1))
    try rest()
    try expect(connections[place].model.isEnded, "DISCONNECT of \(identifier) does not end its connection")
  }
}

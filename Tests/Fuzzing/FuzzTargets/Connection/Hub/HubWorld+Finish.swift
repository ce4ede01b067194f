import MQTTBroker
import MQTTProtocol

/// The end of a run: all comes to rest, everybody leaves, every session ends.
extension HubWorld {
  func finish() throws(FuzzFinding) {
    try rest()
    for (connection, _) in connections { connection.drained() }
    try rest()
    try checkAtRest()
    for (connection, _) in connections { connection.lost() }
    try rest()
    for identifier in model.clientIdentifiers.sorted() where !identifier.isEmpty { try endSession(of: identifier) }
    // What was put off is due: wills, and sessions that nobody can name.
    timePasses(milliseconds: Int64(UInt32.max) * 1_000)
    try rest()
    try checkEmpty()
  }

  /// Commits all and lets every loop look, until nothing moves.
  private func rest() throws(FuzzFinding) {
    for _ in 0..<4 {
      commit(.max)
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

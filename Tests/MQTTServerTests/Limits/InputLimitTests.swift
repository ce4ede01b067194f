import MQTTBroker
import MQTTProtocol
import Testing

@testable import MQTTServer

/// Packets of which only a part has come, of all clients together.
@Suite struct InputLimitTests {
  private func connected(_ name: String, _ door: Door) throws -> Peer {
    let peer = try door.connect()
    try peer.send(ConnectPacket(version: .v5, clientIdentifier: name).bytes)
    _ = try peer.output()
    return peer
  }

  /// Whoever fills the memory loses, at the next part; a client whose packet ends in the next read does not.
  @Test func thoseWhoFillItLose() throws {
    var limits = BrokerLimits()
    limits.totalInputBytes = 1024 * 1024
    let door = Door(limits: limits)
    let bulk = ControlPacket.publish(PublishPacket(topic: [0x74], payload: Array(repeating: 1, count: 200_000)))
      .encoded(version: .v5)
    let small = ControlPacket.publish(
      PublishPacket(topic: [0x74], payload: Array(repeating: 1, count: 500), qos: .atLeastOnce, packetIdentifier: 1)
    ).encoded(version: .v5)
    var hoarders: [Peer] = []
    for index in 0..<5 {
      let peer = try connected("h\(index)", door)
      try peer.send(bulk.dropLast(2))
      hoarders.append(peer)
    }
    for peer in hoarders { #expect(peer.isOpen) }
    let last = try connected("h5", door)
    try last.send(bulk.dropLast(2))
    #expect(try last.output() == DisconnectPacket(reasonCode: .quotaExceeded).bytes)
    // Just full.
    let filler = try connected("f", door)
    try filler.send(bulk.prefix(1024 * 1024 - door.loop.shard.broker.memory.unreadBytes))
    #expect(filler.isOpen)

    let honest = try connected("c", door)
    for cut in [1, 250, small.count - 1] {
      try honest.send(small.prefix(cut))
      try honest.send(small.dropFirst(cut))
      #expect(try packets(honest.output()).count == 1, "cut at \(cut)")
    }
    try honest.send(bulk.prefix(2_000))
    #expect(try honest.output() == DisconnectPacket(reasonCode: .quotaExceeded).bytes)
    // A further byte is no way to stay.
    try connected("d", door).send(small.prefix(1))
    try hoarders[0].send(bulk.suffix(2).prefix(1))
    #expect(try hoarders[0].output() == DisconnectPacket(reasonCode: .quotaExceeded).bytes)
  }
}

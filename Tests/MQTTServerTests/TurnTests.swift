import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import MQTTServer

/// A client whose packets are much work lets others have the loop between them; nothing of it is lost.
@Suite struct TurnTests {
  private let sink: RecordingSink
  private let door: Door

  /// Each message takes a millisecond.
  init() {
    let sink = RecordingSink()
    let door = Door(sink: sink)
    sink.onMessage = { [unowned door] in door.work(milliseconds: 1) }
    self.sink = sink
    self.door = door
  }

  private static let names = (10...99).map(String.init)
  private static let readings = names.flatMap { name in
    ControlPacket.publish(PublishPacket(topic: Array("v1/devices/d/telemetry".utf8), payload: Array(name.utf8)))
      .encoded(version: .v5)
  }

  private func connected(_ name: String) throws -> Peer {
    let peer = try door.connect()
    try peer.send(ConnectPacket(version: .v5, clientIdentifier: name).bytes)
    _ = try peer.output()
    return peer
  }

  /// One read of the socket, and nothing more in this turn of the loop.
  private func read(_ bytes: [UInt8], by peer: Peer) throws {
    peer.channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
    peer.channel.pipeline.fireChannelReadComplete()
  }

  private var messages: [String] { sink.events.filter { $0 != "|" } }

  @Test func othersAreServedBetween() throws {
    let crowded = try connected("c")
    let other = try connected("o")
    try read(Self.readings, by: crowded)
    #expect(messages == Array(Self.names.prefix(32)))
    // What was handled is settled before the rest.
    #expect(sink.events.last == "|")
    #expect(crowded.handler.isReadingWithheld)
    #expect(door.loop.shard.broker.memory.unreadBytes > 0)
    try read(ControlPacket.pingreq.encoded(version: .v5), by: other)
    #expect(try packets(other.output()).count == 1)
    // More comes meanwhile, and waits behind.
    try read(Self.readings, by: crowded)
    #expect(messages.count == 32)
    door.pass(milliseconds: 10)
    #expect(messages == Self.names + Self.names)
    #expect(!crowded.handler.isReadingWithheld)
    #expect(door.loop.shard.broker.memory.unreadBytes == 0)
  }

  @Test func theEndWaitsForWhatCameBefore() throws {
    let disconnect = DisconnectPacket(reasonCode: .success).bytes
    for last in [[], disconnect] {
      let peer = try connected("c")
      let before = sink.events.count
      try read(Self.readings + last, by: peer)
      try peer.leave()
      #expect(sink.events.last != "-c")
      door.pass(milliseconds: 10)
      #expect(sink.events[before...].filter { $0 != "|" } == Self.names + ["-c"])
      #expect(door.statistics.connections == 0)
      #expect(door.loop.load.connections == 0)
    }
  }

  /// A client that comes back under its name ends what is left of its former connection.
  @Test func theNextConnectionDoesNotWait() throws {
    let former = try connected("c")
    try read(Self.readings, by: former)
    try former.leave()
    let heir = try connected("c")
    door.pass(milliseconds: 10)
    #expect(messages == Array(Self.names.prefix(32)) + ["-c"])
    #expect(heir.isOpen)
    #expect(door.statistics.connections == 1)
    #expect(door.loop.load.connections == 1)
    #expect(door.loop.shard.broker.memory.unreadBytes == 0)
  }

  @Test func littleWorkIsDoneAtOnce() throws {
    sink.onMessage = {}
    let peer = try connected("c")
    try read(Self.readings, by: peer)
    #expect(messages == Self.names)
  }
}

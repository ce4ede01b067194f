import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import MQTTServer

/// What a channel holds because its socket is full counts as the client's, like what waits in front of the channel.
@Suite struct HeldOutputTests {
  private let door: Door
  private let publisher: Peer

  init() throws {
    var limits = BrokerLimits()
    limits.connectionOutputBytes = 100_000
    door = Door(limits: limits)
    publisher = try door.connect()
    try publisher.send(ConnectPacket(version: .v5, clientIdentifier: "p").bytes)
  }

  private func subscriber(_ name: String) throws -> (Peer, FullSocket) {
    let peer = try door.connect()
    try peer.send(
      ConnectPacket(version: .v5, clientIdentifier: name).bytes
        + ControlPacket.subscribe(
          SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "t", qos: .atMostOnce)])
        ).encoded(version: .v5))
    _ = try peer.output()
    let socket = FullSocket()
    try peer.channel.pipeline.syncOperations.addHandler(socket, position: .first)
    return (peer, socket)
  }

  private func publish(_ count: Int, size: Int = 1_000) throws {
    let packet = ControlPacket.publish(PublishPacket(topic: [0x74], payload: Array(repeating: 1, count: size)))
    for _ in 0..<count { try publisher.send(packet.encoded(version: .v5)) }
  }

  private var counted: Int { door.loop.shard.broker.memory.unsentBytes }

  @Test func allThatIsNotTakenCounts() throws {
    let peers = [try subscriber("a"), try subscriber("b")]
    try publish(20)
    // But for what it takes to notice.
    #expect((2 * 16_000...2 * 20_200).contains(counted))
    for (peer, socket) in peers {
      #expect(peer.handler.isFull)
      #expect(peer.handler.pendingBytes >= 16_000)
      socket.drain(peer.channel)
      #expect(!peer.handler.isFull)
      #expect(peer.handler.pendingBytes == 0)
      #expect(try packets(peer.output()).count == 20)
    }
    #expect(counted == 0)
  }

  /// The connection's bound is one for both.
  @Test(arguments: [100, 1_000, 30_000]) func theBoundOfAConnectionIncludesIt(size: Int) throws {
    let (peer, socket) = try subscriber("s")
    try publish(300_000 / size, size: size)
    #expect((70_000...(100_000 + size + 10)).contains(peer.handler.pendingBytes))
    #expect(door.statistics.dropped.slowReader > 0)
    socket.drain(peer.channel)
    #expect(try packets(peer.output()).count + Int(door.statistics.dropped.slowReader) == 300_000 / size)
    #expect(counted == 0)
  }

  /// Nothing is read from a client that takes nothing, and its time runs out.
  @Test func whoTakesNothingIsClosed() throws {
    let (peer, _) = try subscriber("s")
    try publish(20)
    door.pass(milliseconds: 63_000)
    #expect(!peer.isOpen)
    #expect(counted == 0)
  }

  @Test func whatIsHeldGoesWithTheConnection() throws {
    let (peer, _) = try subscriber("s")
    try publish(20)
    try peer.leave()
    door.eventLoop.run()
    #expect(counted == 0)
    #expect(door.statistics.connections == 1)
  }

  /// A socket that takes all is no slow reader, however much it gets.
  @Test func whatIsTakenDoesNotCount() throws {
    let (peer, socket) = try subscriber("s")
    socket.drain(peer.channel)
    try publish(50, size: 30_000)
    #expect(door.statistics.dropped.slowReader == 0)
    #expect(counted == 0)
    #expect(try packets(peer.output()).count == 50)
  }
}

import Glibc
import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import MQTTServer

/// How many connections a listener has, and how fast they come.
@Suite struct ListenerConnectionTests {
  private func limits(connections: Int = 100, rate: Int? = nil) -> ListenerLimits {
    var limits = ListenerLimits(name: "test", limits: BrokerLimits())
    limits.maximumConnections = connections
    limits.connectionRate = rate
    return limits
  }

  @Test func whoIsBeyondTheMaximumIsToldSo() throws {
    let door = Door(listener: limits(connections: 2))
    let first = try door.connect()
    let second = try door.connect()
    for (peer, name) in [(first, "a"), (second, "b")] {
      try peer.send(ConnectPacket(version: .v5, clientIdentifier: name).bytes)
      guard case .connack(let connack) = try packets(peer.output()).first else {
        Issue.record("no CONNACK")
        return
      }
      #expect(connack.reasonCode == .success)
    }
    let answers: [(ProtocolVersion, [UInt8])] = [(.v3_1_1, [0x20, 2, 0, 3]), (.v5, [0x20, 3, 0, 0x97, 0])]
    for (version, expected) in answers {
      let peer = try door.connect()
      try peer.send(ConnectPacket(version: version, clientIdentifier: "c").bytes)
      #expect(try peer.output() == expected)
      door.pass(milliseconds: 600)
      #expect(!peer.isOpen)
    }
    #expect(door.statistics.connections == 2)
    // The client that was there under that name is untouched, and there is room again when it leaves.
    try first.leave()
    let third = try door.connect()
    try third.send(ConnectPacket(version: .v5, clientIdentifier: "c").bytes)
    #expect(try third.output().starts(with: [0x20]))
    #expect(third.isOpen)
  }

  /// Neither who says nothing, nor who was refused and has not closed yet, takes a place.
  @Test func onlyAdmittedClientsTakePlaces() throws {
    let door = Door(listener: limits(connections: 2))
    func connect(_ name: String) throws -> (peer: Peer, isAccepted: Bool) {
      let peer = try door.connect()
      try peer.send(ConnectPacket(version: .v3_1_1, clientIdentifier: name).bytes)
      return (peer, try peer.output() == [0x20, 2, 0, 0])
    }
    let silent = try (0..<5).map { _ in try door.connect() }
    let first = try connect("a")
    let second = try connect("b")
    let refused = try (0..<5).map { try connect("c\($0)") }
    #expect(first.isAccepted && second.isAccepted)
    let isNobodyElse = refused.allSatisfy { !$0.isAccepted }
    #expect(isNobodyElse)
    try first.peer.leave()
    #expect(try connect("d").isAccepted)
    #expect(try connect("e").isAccepted == false)
    let areSilentOpen = silent.allSatisfy(\.isOpen)
    #expect(areSilentOpen)
    // Its own connection may be dead without the hub knowing.
    #expect(try connect("b").isAccepted)
    #expect(try connect("e").isAccepted == false)
  }

  @Test func aCrowdBeyondIsClosedUnheard() {
    let gate = ListenerGate(limits: limits(connections: 3), at: 0)
    for _ in 0..<3 + ListenerGate.maximumSurplus {
      #expect(!gate.isOverfull)
      gate.connectionOpened()
    }
    #expect(gate.isOverfull)
    gate.connectionClosed()
    #expect(!gate.isOverfull)
  }

  /// Counts the reads that reach the socket.
  private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = Never
    var reads = 0

    func read(context: ChannelHandlerContext) { reads += 1 }
  }

  /// The listening channel: `reads` are its calls of accept, and what they bring is let through one by one.
  @Test func acceptingPausesOverTheRate() throws {
    let door = Door(listener: limits(rate: 4))
    let channel = EmbeddedChannel(loop: door.eventLoop)
    let counter = ReadCounter()
    try channel.pipeline.syncOperations.addHandler(counter)
    try channel.pipeline.syncOperations.addHandler(AcceptGate(gate: door.gate, loop: door.loop))
    func accept() throws {
      channel.pipeline.fireChannelRead(EmbeddedChannel(loop: door.eventLoop) as any Channel)
    }
    for _ in 0..<4 {
      channel.pipeline.read()
      try accept()
    }
    #expect(counter.reads == 4)
    // The fifth has to wait a quarter of a second, however often accepting is asked for.
    channel.pipeline.read()
    channel.pipeline.read()
    #expect(counter.reads == 4)
    door.pass(milliseconds: 249)
    #expect(counter.reads == 4)
    door.pass(milliseconds: 1)
    #expect(counter.reads == 5)
    // A second's worth at once is charged: the rate holds over time.
    for _ in 0..<4 { try accept() }
    channel.pipeline.read()
    door.pass(milliseconds: 999)
    #expect(counter.reads == 5)
    door.pass(milliseconds: 2)
    #expect(counter.reads == 6)
  }

  @Test func withoutARateNothingPauses() throws {
    let door = Door(listener: limits())
    let channel = EmbeddedChannel(loop: door.eventLoop)
    let counter = ReadCounter()
    try channel.pipeline.syncOperations.addHandler(counter)
    try channel.pipeline.syncOperations.addHandler(AcceptGate(gate: door.gate, loop: door.loop))
    for _ in 0..<1_000 { channel.pipeline.read() }
    #expect(counter.reads == 1_000)
  }

  /// A failure to accept leaves the socket readable: asked on, the loop would do nothing but fail.
  @Test(arguments: [(EMFILE, true), (ENFILE, true), (ENOBUFS, true), (ENOMEM, true), (ECONNABORTED, false)])
  func acceptingPausesWithoutDescriptors(code: CInt, pauses: Bool) throws {
    for isItsTurn in [true, false] {
      let door = Door(listener: limits())
      let channel = EmbeddedChannel(loop: door.eventLoop)
      try channel.pipeline.syncOperations.addHandler(
        AcceptGate(gate: door.gate, loop: door.loop, isItsTurn: { isItsTurn }))
      func autoRead() -> Bool? {
        channel.options.lazy.compactMap { $0.option is ChannelOptions.Types.AutoReadOption ? $0.value as? Bool : nil }
          .first
      }
      // The second failure begins the pause anew.
      for _ in 0..<2 {
        channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        #expect(autoRead() == (pauses ? false : nil))
        door.pass(milliseconds: 499)
        #expect(autoRead() == (pauses ? false : nil))
      }
      door.pass(milliseconds: 1)
      // By then another loop may accept.
      #expect(autoRead() == (pauses ? isItsTurn : nil))
    }
  }

  /// Every listener looks again at who accepts when a loop's load changes.
  @Test func allListenersHearOfTheLoad() throws {
    let door = Door()
    let calls = Calls()
    door.loop.onLoadChange { calls.first += 1 }
    door.loop.onLoadChange { calls.second += 1 }
    door.eventLoop.run()
    _ = try door.connect()
    #expect(calls.first == 1)
    #expect(calls.second == 1)
    #expect(door.loop.load.connections == 1)
  }

  /// Touched on the test's own thread alone, where the embedded loop runs.
  private final class Calls: @unchecked Sendable {
    var first = 0
    var second = 0
  }
}

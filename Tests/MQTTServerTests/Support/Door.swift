import Durability
import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOEmbedded
import Synchronization

@testable import MQTTServer

/// Connections of a server of their own, on one embedded event loop, at a time that the test says.
final class Door {
  let loop: EventLoopShard
  let gate: ListenerGate
  let eventLoop = EmbeddedEventLoop()
  private let clock = ManualClock()

  init(
    limits: BrokerLimits = BrokerLimits(), listener: ListenerLimits? = nil, sink: any MessageSink = SilentSink()
  ) {
    let broker = Broker(limits: limits, shardCount: 1, commitQueue: MemoryCommitQueue())
    let clock = self.clock
    loop = EventLoopShard(
      shard: BrokerShard(broker: broker, index: 0, sink: sink), eventLoop: eventLoop
    ) { BrokerTime(monotonic: clock.milliseconds, wall: clock.milliseconds) }
    gate = ListenerGate(limits: listener ?? ListenerLimits(name: "test", limits: limits), at: 0)
  }

  /// Lets time pass, and what was scheduled happen.
  func pass(milliseconds: Int64) {
    for _ in 0..<milliseconds {
      clock.advance()
      eventLoop.advanceTime(by: .milliseconds(1))
    }
  }

  /// Time passes while the loop is at work.
  func work(milliseconds: Int64) {
    for _ in 0..<milliseconds { clock.advance() }
  }

  /// A connection on which MQTT is spoken from its first byte.
  func connect() throws -> Peer { try open(handshake: nil) }

  /// A connection on which HTTP is spoken first.
  func connectWebSocket(allowedOrigins: [String] = []) throws -> Peer {
    try open(handshake: WebSocketHandshake(allowedOrigins: allowedOrigins))
  }

  private func open(handshake: WebSocketHandshake?) throws -> Peer {
    let channel = EmbeddedChannel(loop: eventLoop)
    let pipeline = channel.pipeline.syncOperations
    if let handshake {
      let reads = ReadAllocator(loop: loop, size: EventLoopShard.readSize)
      try WebSocketUpgradeHandler.add(to: pipeline, loop: loop, handshake: handshake, reads: reads)
    }
    let handler = MQTTChannelHandler(loop: loop, gate: gate, isAtSocket: handshake == nil)
    try pipeline.addHandler(handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return Peer(channel: channel, handler: handler)
  }

  var statistics: BrokerStatistics { loop.shard.broker.statistics }

  private final class ManualClock: Sendable {
    private let now = Mutex<Int64>(0)

    var milliseconds: Int64 { now.withLock { $0 } }
    func advance() { now.withLock { $0 += 1 } }
  }
}

/// A client's end of an embedded connection.
struct Peer {
  let channel: EmbeddedChannel
  let handler: MQTTChannelHandler

  /// One read of the socket brings these bytes.
  func send(_ bytes: some Sequence<UInt8>) throws {
    guard channel.isActive else { return }
    try channel.writeInbound(ByteBuffer(bytes: bytes))
    channel.embeddedEventLoop.run()
  }

  var isOpen: Bool { channel.isActive }

  /// The connection is lost.
  func leave() throws { try channel.close().wait() }

  /// What has come since last asked.
  func output() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
    return bytes
  }
}

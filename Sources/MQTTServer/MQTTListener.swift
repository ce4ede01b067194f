import MQTTBroker
package import NIOCore
import NIOPosix

/// One address that MQTT clients connect to: a listening channel on every event loop, of which one accepts.
package final class MQTTListener: Sendable {
  package let address: SocketAddress
  /// Connections beyond a listener's maximum that may be open at once, to be told so.
  package static let maximumSurplus = ListenerGate.maximumSurplus
  private let channels: [any Channel]
  private let loops: [EventLoopShard]
  private let turn: AcceptTurn

  init(configuration: MQTTServerConfiguration, limits: ListenerLimits, loops: [EventLoopShard]) async throws {
    let gate = ListenerGate(limits: limits, at: loops.first?.now().monotonic ?? 0)
    let socket = try ListeningSocket.open(
      .makeAddressResolvingHost(configuration.host, port: configuration.port), backlog: configuration.backlog)
    let handshake: WebSocketHandshake? =
      switch configuration.transport {
      case .tcp: nil
      case .webSocket(let allowedOrigins): WebSocketHandshake(allowedOrigins: allowedOrigins)
      }
    let turn = AcceptTurn()
    var channels: [any Channel] = []
    for (index, loop) in loops.enumerated() {
      channels.append(
        try await Self.bootstrap(loop, gate: gate, handshake: handshake, isItsTurn: { turn.isAt(index) })
          .serverChannelOption(.autoRead, value: turn.isAt(index))
          .withBoundSocket(socket.duplicate()).get())
    }
    address = socket.address
    self.turn = turn
    self.channels = channels
    self.loops = loops
    for loop in loops {
      loop.onLoadChange { [weak self] in self?.reconsider() }
    }
  }

  private static func bootstrap(
    _ loop: EventLoopShard, gate: ListenerGate, handshake: WebSocketHandshake?,
    isItsTurn: @escaping @Sendable () -> Bool
  ) -> ServerBootstrap {
    let limits = gate.limits
    // What a client over its rate has sent already must be kept: little is taken from it at once.
    let limitsClients = limits.messageRate != nil || limits.byteRate != nil
    let reads = ReadAllocator(loop: loop, size: limitsClients ? 16_384 : EventLoopShard.readSize)
    return ServerBootstrap(group: loop.eventLoop)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptGate(gate: gate, loop: loop, isItsTurn: isItsTurn))
        }
      }
      // Few at a time, so that a crowd is spread as it comes, and no more at once than the rate has room for.
      .serverChannelOption(.maxMessagesPerRead, value: UInt(min(16, max(1, limits.connectionRate ?? 16))))
      .childChannelOption(
        .recvAllocator,
        value: handshake == nil ? reads : FixedSizeRecvByteBufferAllocator(capacity: ReadAllocator.firstSize)
      )
      .childChannelOption(.maxMessagesPerRead, value: 1)
      // Who has said all it had to say may still wait for what answers it.
      .childChannelOption(.allowRemoteHalfClosure, value: handshake == nil)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 16 * 1024, high: 64 * 1024))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let handshake {
            try WebSocketUpgradeHandler.add(to: pipeline, loop: loop, handshake: handshake, reads: reads)
          }
          try pipeline.addHandler(MQTTChannelHandler(loop: loop, gate: gate, isAtSocket: handshake == nil))
        }
      }
  }

  /// Lets the loop accept that has room now.
  private func reconsider() {
    let best = ConnectionPlacement.place(loops.map(\.load))
    guard let former = turn.pass(to: best) else { return }
    // One after the other: of two that wait for the same connection, one would find it gone.
    follow(former) { $0.follow(best) }
  }

  /// Brings a channel in line with the newest decision. Always queued on the channel's own loop and read there, so that
  /// decisions of two loops at once cannot leave all channels, or none, accepting.
  private func follow(_ index: Int, then next: @escaping @Sendable (MQTTListener) -> Void = { _ in }) {
    let channel = channels[index]
    channel.eventLoop.execute { [weak self] in
      guard let self else { return }
      _ = channel.setOption(.autoRead, value: turn.isAt(index))
      next(self)
    }
  }

  /// Accepts no further connection.
  func close() async {
    for channel in channels { try? await channel.close().get() }
  }
}

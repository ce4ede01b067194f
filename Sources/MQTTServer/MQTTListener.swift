import MQTTBroker
package import NIOCore
import NIOPosix
import Synchronization

/// One address that MQTT clients connect to: a listening channel on every event loop, of which one accepts.
package final class MQTTListener: Sendable {
  package let address: SocketAddress
  /// Connections beyond a listener's maximum that may be open at once, to be told so.
  package static let maximumSurplus = ListenerGate.maximumSurplus
  private let channels: [any Channel]
  private let loops: [EventLoopShard]
  /// The index of the loop that accepts.
  private let accepting = Mutex(0)

  init(configuration: MQTTServerConfiguration, limits: ListenerLimits, loops: [EventLoopShard]) async throws {
    let gate = ListenerGate(limits: limits, at: loops.first?.now().monotonic ?? 0)
    let socket = try ListeningSocket.open(
      .makeAddressResolvingHost(configuration.host, port: configuration.port), backlog: configuration.backlog)
    let handshake: WebSocketHandshake? =
      switch configuration.transport {
      case .tcp: nil
      case .webSocket(let allowedOrigins): WebSocketHandshake(allowedOrigins: allowedOrigins)
      }
    var channels: [any Channel] = []
    for loop in loops {
      channels.append(
        try await Self.bootstrap(loop, gate: gate, handshake: handshake)
          .serverChannelOption(.autoRead, value: channels.isEmpty)
          .withBoundSocket(socket.duplicate()).get())
    }
    address = socket.address
    self.channels = channels
    self.loops = loops
    for loop in loops {
      loop.onLoadChange { [weak self] in self?.reconsider() }
    }
  }

  private static func bootstrap(
    _ loop: EventLoopShard, gate: ListenerGate, handshake: WebSocketHandshake?
  ) -> ServerBootstrap {
    let limits = gate.limits
    // What a client over its rate has sent already must be kept: little is taken from it at once.
    let limitsClients = limits.messageRate != nil || limits.byteRate != nil
    return ServerBootstrap(group: loop.eventLoop)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptGate(gate: gate, loop: loop))
        }
      }
      // Few at a time, so that a crowd is spread as it comes, and no more at once than the rate has room for.
      .serverChannelOption(.maxMessagesPerRead, value: UInt(min(16, max(1, limits.connectionRate ?? 16))))
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      // Most reads bring one small packet: a small first buffer keeps idle connections cheap, and it adapts.
      .childChannelOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(
          minimum: 512, initial: 512, maximum: limitsClients ? 16_384 : 65_536)
      )
      .childChannelOption(.maxMessagesPerRead, value: UInt(limitsClients ? 1 : 4))
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 16 * 1024, high: 64 * 1024))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let handshake { try WebSocketUpgradeHandler.add(to: pipeline, loop: loop, handshake: handshake) }
          try pipeline.addHandler(MQTTChannelHandler(loop: loop, gate: gate))
        }
      }
  }

  /// Lets the loop accept that has room now.
  private func reconsider() {
    let best = ConnectionPlacement.place(loops.map(\.load))
    let former = accepting.withLock { accepting -> Int? in
      guard accepting != best else { return nil }
      defer { accepting = best }
      return accepting
    }
    guard let former else { return }
    for index in [best, former] { follow(index) }
  }

  /// Brings a channel in line with the newest decision. Always queued on the channel's own loop and read there, so that
  /// decisions of two loops at once cannot leave all channels, or none, accepting.
  private func follow(_ index: Int) {
    let channel = channels[index]
    channel.eventLoop.execute { [weak self] in
      guard let self else { return }
      _ = channel.setOption(.autoRead, value: self.accepting.withLock { $0 } == index)
    }
  }

  /// Accepts no further connection.
  func close() async {
    for channel in channels { try? await channel.close().get() }
  }
}

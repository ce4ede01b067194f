package import NIOCore
import NIOPosix
import Synchronization

/// One address that MQTT clients connect to: a listening channel on every event loop, of which one accepts.
package final class MQTTListener: Sendable {
  package let address: SocketAddress
  private let channels: [any Channel]
  private let loops: [EventLoopShard]
  /// The index of the loop that accepts.
  private let accepting = Mutex(0)

  init(configuration: MQTTServerConfiguration, loops: [EventLoopShard], maximumPacketSize: Int) async throws {
    let socket = try ListeningSocket.open(
      .makeAddressResolvingHost(configuration.host, port: configuration.port), backlog: configuration.backlog)
    var channels: [any Channel] = []
    for loop in loops {
      channels.append(
        try await Self.bootstrap(loop, maximumPacketSize: maximumPacketSize)
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

  private static func bootstrap(_ loop: EventLoopShard, maximumPacketSize: Int) -> ServerBootstrap {
    ServerBootstrap(group: loop.eventLoop)
      // Few at a time, so that a crowd is spread as it comes.
      .serverChannelOption(.maxMessagesPerRead, value: 16)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      // Most reads bring one small packet: a small first buffer keeps idle connections cheap, and it adapts.
      .childChannelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 65_536)
      )
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 16 * 1024, high: 64 * 1024))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            MQTTChannelHandler(loop: loop, maximumPacketSize: maximumPacketSize))
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

package import Logging
package import MQTTBroker
package import NIOCore
import NIOPosix

/// The MQTT sockets: one broker, one shard of it on each event loop of the group.
package final class MQTTServer: Sendable {
  package let broker: Broker
  private let configuration: MQTTServerConfiguration
  private let group: any EventLoopGroup
  private let loops: [EventLoopShard]
  private let logger: Logger

  /// - Parameters:
  ///   - broker: has a shard for each event loop of the group.
  ///   - clock: reads the time; called once a read of a socket.
  ///   - makeSink: makes the sink of one event loop, on that loop.
  package init(
    configuration: MQTTServerConfiguration, broker: Broker, group: any EventLoopGroup, logger: Logger,
    clock: @escaping @Sendable () -> BrokerTime, makeSink: @escaping @Sendable (_ shard: Int) -> any MessageSink
  ) async throws {
    let eventLoops = Array(group.makeIterator())
    precondition(eventLoops.count == broker.shardCount, "BUG: a broker needs a shard for each event loop")
    self.configuration = configuration
    self.broker = broker
    self.group = group
    self.logger = logger
    var loops: [EventLoopShard] = []
    for (index, eventLoop) in eventLoops.enumerated() {
      loops.append(
        try await eventLoop.submit {
          EventLoopShard(
            shard: BrokerShard(broker: broker, index: index, sink: makeSink(index)), eventLoop: eventLoop,
            clock: clock)
        }.get())
    }
    self.loops = loops
  }

  /// Binds and serves; returns the address that clients reach it by.
  package func start() async throws -> (channel: any Channel, address: SocketAddress) {
    let loops = self.loops
    let maximumPacketSize = broker.limits.maximumPacketSize
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: configuration.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      // Most reads bring one small packet: a small first buffer keeps idle connections cheap, and it adapts.
      .childChannelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 65_536)
      )
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 32 * 1024, high: 128 * 1024))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop }) else {
            preconditionFailure("BUG: a connection on an event loop without a shard")
          }
          let handler = MQTTChannelHandler(loop: loop, maximumPacketSize: maximumPacketSize)
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
      .bind(host: configuration.host, port: configuration.port).get()
    guard let address = channel.localAddress else { throw ChannelError.operationUnsupported }
    return (channel, address)
  }

  /// Returns when every event loop has answered: a loop that hangs does not.
  package func pingEventLoops() async throws {
    for loop in loops { try await loop.eventLoop.submit {}.get() }
  }

  /// Tells every client and closes every connection; takes at most about `grace`.
  package func stop(listener: any Channel, grace: TimeAmount = .seconds(1)) async {
    try? await listener.close().get()
    for loop in loops {
      try? await loop.eventLoop.submit { loop.shutDown() }.get()
    }
    let deadline = NIODeadline.now() + grace
    for loop in loops {
      try? await loop.waitUntilClosed(deadline: deadline).get()
    }
    if broker.connectionCount > 0 {
      logger.warning("connections were still open at the stop")
    }
  }
}

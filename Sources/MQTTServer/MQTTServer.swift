package import Logging
package import MQTTBroker
package import NIOCore

/// The MQTT sockets: one broker, one shard of it on each event loop of the group.
package final class MQTTServer: Sendable {
  package let broker: Broker
  private let configuration: MQTTServerConfiguration
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

  /// Binds and serves the listener that the server was made with.
  package func start() async throws -> MQTTListener { try await start(configuration) }

  /// Binds and serves a further listener, on the same event loops.
  package func start(_ configuration: MQTTServerConfiguration) async throws -> MQTTListener {
    let limits = configuration.limits ?? ListenerLimits(name: "mqtt", limits: broker.limits)
    return try await MQTTListener(configuration: configuration, limits: limits, loops: loops)
  }

  /// Returns when every event loop has answered: a loop that hangs does not.
  package func pingEventLoops() async throws {
    for loop in loops { try await loop.eventLoop.submit {}.get() }
  }

  /// Tells every client and closes every connection; takes at most about `grace`.
  package func stop(_ listeners: MQTTListener..., grace: TimeAmount = .seconds(1)) async {
    await stop(listeners, grace: grace)
  }

  package func stop(_ listeners: [MQTTListener], grace: TimeAmount = .seconds(1)) async {
    for listener in listeners { await listener.close() }
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

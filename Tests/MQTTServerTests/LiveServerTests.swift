import Durability
import Logging
import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOPosix
import Testing

@testable import MQTTServer

/// What only real sockets show.
@Suite struct LiveServerTests {
  /// Runs `body` against a server of one event loop.
  private func serving(_ limits: ListenerLimits, _ body: (MQTTListener, Broker) async throws -> Void) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let broker = Broker(limits: BrokerLimits(), shardCount: 1, commitQueue: MemoryCommitQueue())
    let server = try await MQTTServer(
      configuration: MQTTServerConfiguration(host: "127.0.0.1", port: 0, limits: limits), broker: broker, group: group,
      logger: Logger(label: "test"), clock: { BrokerTime(monotonic: 0, wall: 0) }, makeSink: { _ in SilentSink() })
    let listener = try await server.start()
    try await body(listener, broker)
    await server.stop(listener)
    try await group.shutdownGracefully()
  }

  /// A listener that has more connections than it even answers closes the next at once, and goes on when they leave.
  @Test func aCrowdIsClosedUnheard() async throws {
    var limits = ListenerLimits(name: "test", limits: BrokerLimits())
    limits.maximumConnections = 2
    try await serving(limits) { listener, broker in
      let connect = ConnectPacket(version: .v5, clientIdentifier: "c").bytes
      do {
        let crowd = (0..<2 + MQTTListener.maximumSurplus).map { _ in Box(RawClient(listener.address)) }
        while broker.connectionCount < crowd.count { await Task.yield() }
        #expect(RawClient(listener.address).receive() == [])
        // Places are for those who say CONNECT, whenever they came.
        for (place, name) in ["a", "b"].enumerated() {
          crowd[9 - place].client.send(ConnectPacket(version: .v3_1_1, clientIdentifier: name).bytes)
          #expect(crowd[9 - place].client.receive(4) == [0x20, 2, 0, 0])
        }
        crowd[2].client.send(connect)
        #expect(crowd[2].client.receive() == [0x20, 3, 0, 0x97, 0])
      }
      // When the hub has heard of their ends there is room again.
      var answer: [UInt8]?
      for _ in 0..<10_000 where answer?.last != 0 {
        let client = RawClient(listener.address)
        client.send(connect)
        answer = client.receive(4)
      }
      #expect(answer?.first == 0x20)
      #expect(answer?.last == 0)
    }
  }

  /// Reads are made anywhere, by many connections of a loop in turn, into the same buffer: nothing is mixed up.
  @Test func packetsLargerThanAReadArriveWhole() async throws {
    try await serving(ListenerLimits(name: "test", limits: BrokerLimits())) { listener, broker in
      let clients = (0..<8).map { index in
        let client = Box(RawClient(listener.address))
        client.client.send(ConnectPacket(version: .v3_1_1, clientIdentifier: "c\(index)").bytes)
        return client
      }
      for client in clients { #expect(client.client.receive(4) == [0x20, 2, 0, 0]) }
      let packets = clients.indices.map { index in
        ControlPacket.publish(
          PublishPacket(
            topic: Array("t".utf8), payload: Array(repeating: UInt8(index), count: 199_000 + index), qos: .atLeastOnce,
            packetIdentifier: UInt16(index + 1))
        ).encoded(version: .v3_1_1)
      }
      for start in stride(from: 0, to: 200_000, by: 7_000) {
        for (client, packet) in zip(clients, packets) {
          client.client.send(Array(packet.dropFirst(start).prefix(7_000)))
        }
      }
      for (index, client) in clients.enumerated() {
        #expect(client.client.receive(4) == [0x40, 2, 0, UInt8(index + 1)])
      }
      #expect(broker.memory.unreadBytes == 0)
    }
  }

  private final class Box {
    let client: RawClient

    init(_ client: consuming RawClient) { self.client = client }
  }
}

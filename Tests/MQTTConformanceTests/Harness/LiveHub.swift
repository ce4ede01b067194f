import Durability
import Glibc
import Logging
import MQTTBroker
import MQTTProtocol
import MQTTServer
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A real server on a real loopback port, in this process.
final class LiveHub: Sendable {
  let port: UInt16
  let broker: Broker
  private let server: MQTTServer
  private let listener: MQTTListener
  private let isStopped = Atomic(false)

  private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

  /// One server with the ordinary limits for every test that needs no other. Lives as long as the process.
  static func shared() async throws -> LiveHub { try await sharedTask.value }

  private static let sharedTask = Task { try await LiveHub() }

  /// Runs `body` against a server of its own, and stops that.
  static func with(
    _ limits: BrokerLimits = BrokerLimits(), clock: @escaping @Sendable () -> BrokerTime = systemTime,
    _ body: (LiveHub) async throws -> Void
  ) async throws {
    let hub = try await LiveHub(limits: limits, clock: clock)
    do { try await body(hub) } catch {
      await hub.stop()
      throw error
    }
    await hub.stop()
  }

  private init(
    limits: BrokerLimits = BrokerLimits(), clock: @escaping @Sendable () -> BrokerTime = systemTime
  ) async throws {
    broker = Broker(limits: limits, shardCount: 2, commitQueue: MemoryCommitQueue())
    server = try await MQTTServer(
      configuration: MQTTServerConfiguration(host: "127.0.0.1", port: 0), broker: broker, group: Self.group,
      logger: Logger(label: "conformance", factory: { _ in SwiftLogNoOpLogHandler() }), clock: clock,
      makeSink: { _ in QuietSink() })
    listener = try await server.start()
    port = UInt16(listener.address.port ?? 0)
  }

  /// The stop of a server as its clients see it; the second call does nothing.
  func stop() async {
    guard !isStopped.exchange(true, ordering: .relaxed) else { return }
    await server.stop(listener, grace: .milliseconds(200))
  }

  static let systemTime: @Sendable () -> BrokerTime = {
    BrokerTime(monotonic: milliseconds(of: CLOCK_MONOTONIC), wall: milliseconds(of: CLOCK_REALTIME))
  }

  private static func milliseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension LiveHub {
  /// A connection on which nothing was said yet.
  func open(version: ProtocolVersion = .v5, at location: SourceLocation = #_sourceLocation) throws -> RawClient {
    try RawClient(port: port, version: version, at: location)
  }

  /// A client whose CONNECT was accepted; `RawClient.connack` says how.
  func connect(
    _ identifier: String = Unique.name("client"), version: ProtocolVersion = .v5, clean: Bool = true,
    keepAlive: UInt16 = 0, will: Will? = nil, properties: Properties = [],
    at location: SourceLocation = #_sourceLocation
  ) throws -> RawClient {
    let client = try open(version: version, at: location)
    let connack = try client.connect(
      ConnectPacket(
        version: version, cleanStart: clean, keepAlive: keepAlive, clientIdentifier: identifier, will: will,
        properties: properties), at: location)
    guard connack.reasonCode == .success else {
      throw HarnessError("CONNECT was refused: \(connack)", at: location)
    }
    return client
  }
}

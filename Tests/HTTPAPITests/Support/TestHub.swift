import DeviceManagement
import HTTPAPI
import Hummingbird
import HummingbirdTesting
import Logging
import NIOPosix
import Synchronization
import TelemetryIngest
import TimeSeriesStorage

/// A hub without MQTT: real store, commands and registry behind the real routes.
struct TestHub: Sendable {
  /// 2026-11-22T10:00:00Z.
  static let start: Int64 = 1_795_341_600_000

  let store: TimeSeriesStore
  let commands: CommandCenter
  let registry: DeviceRegistry
  let deadLetters = DeadLetterRing()
  let counters = IngestCounters()
  let operations: TestOperations
  var configuration: HTTPConfiguration

  init(
    memoryBytes: Int = 64 << 20, management: DeviceManagementLimits = DeviceManagementLimits(),
    change: (inout HTTPConfiguration) -> Void = { _ in }
  ) {
    store = TimeSeriesStore(limits: StorageLimits(memoryBytes: memoryBytes))
    commands = CommandCenter(limits: management)
    registry = DeviceRegistry(limits: management)
    operations = TestOperations(store: store, deadLetters: deadLetters, counters: counters)
    configuration = HTTPConfiguration(port: 0)
    change(&configuration)
  }

  var services: HTTPServices {
    HTTPServices(
      store: store, commands: commands, registry: registry, deadLetters: deadLetters, ingestCounters: counters,
      operations: operations)
  }

  func application() -> some ApplicationProtocol {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return makeHTTPApplication(
      configuration: configuration, services: services, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: logger)
  }

  /// Numbers of one series, one every `step` milliseconds, the last just before `start`.
  func fill(
    _ device: String, _ metric: String, count: Int, step: Int64 = 1_000, value: (Int) -> Double = { Double($0) }
  )
    throws
  {
    let id = try store.device(named: device)
    let series = try store.series(of: id, metric: metric)
    var batch = ReadingBatch()
    for index in 0..<count {
      batch.readings.append(
        PendingReading(
          series: series, time: Self.start - Int64(count - index) * step, kind: .number, bits: value(index).bitPattern,
          assignsUniqueTime: false))
    }
    _ = store.append(&batch, receivedAt: Self.start)
  }

  func publish(_ device: String, _ json: String) async {
    _ = await operations.publishTelemetry(device: device, payload: Array(json.utf8))
  }

  /// Publishes on the topic of one metric.
  func publish(_ device: String, metric: String, _ payload: String) throws {
    let pipeline = IngestPipeline(store: store, deadLetters: deadLetters, counters: counters)
    let topic = Array("v1/devices/\(device)/telemetry/\(metric)".utf8)
    let levels = Array(metric.utf8)
    let bytes = Array(payload.utf8)
    let known = try Array(device.utf8).withUnsafeBytes { name in try pipeline.device(named: name) }
    _ = bytes.withUnsafeBytes { bytes in
      levels.withUnsafeBytes { levels in
        topic.withUnsafeBytes {
          pipeline.ingestValue(bytes, metricLevels: levels, from: known, topic: $0, receivedAt: Self.start)
        }
      }
    }
    pipeline.flush(receivedAt: Self.start)
  }

  /// A device that answers every command at once.
  func answerCommands(of device: String, with result: String) {
    let commands = commands
    operations.state.withLock { state in
      state.device = { command in
        for taken in commands.takeQueued(for: device, max: 8, by: .publish, now: command.createdAt) {
          commands.markDelivered(taken.id, now: command.createdAt)
          _ = commands.receivedResult(device: device, id: taken.id, payload: Array(result.utf8), now: command.createdAt)
        }
      }
    }
  }
}

import DeviceManagement
import HTTPAPI
import Synchronization
import TelemetryIngest
import TimeSeriesStorage

/// The hub as HTTP sees it, with a real store and a real pipeline and no MQTT; time stands where it is put.
final class TestOperations: HubOperations {
  struct State {
    var now: Int64 = TestHub.start
    var readiness = Readiness.ready
    var publishRefusal: PublishOutcome?
    var created: [Command] = []
    /// What a connected device would do with a new command.
    var device: (@Sendable (Command) -> Void)?
  }

  let state = Mutex(State())
  let store: TimeSeriesStore
  let deadLetters: DeadLetterRing
  let counters: IngestCounters

  init(store: TimeSeriesStore, deadLetters: DeadLetterRing, counters: IngestCounters) {
    self.store = store
    self.deadLetters = deadLetters
    self.counters = counters
  }

  func publishTelemetry(device: String, payload: [UInt8]) async -> PublishOutcome {
    if let refusal = state.withLock({ $0.publishRefusal }) { return refusal }
    let pipeline = IngestPipeline(store: store, deadLetters: deadLetters, counters: counters)
    let now = now()
    let name = Array(device.utf8)
    let topic = Array("v1/devices/\(device)/telemetry".utf8)
    defer { pipeline.flush(receivedAt: now) }
    do {
      let known = try name.withUnsafeBytes { bytes in try pipeline.device(named: bytes) }
      let result = payload.withUnsafeBytes { payload in
        topic.withUnsafeBytes { pipeline.ingestJSON(payload, from: known, topic: $0, receivedAt: now) }
      }
      switch result {
      case .accepted: return .committed
      case .deadLetter(let reason): return .deadLetter(reason: reason.description)
      }
    } catch {
      return .refused(reason: "\(error)")
    }
  }

  func commandCreated(_ command: Command) {
    let device = state.withLock { state in
      state.created.append(command)
      return state.device
    }
    device?(command)
  }

  var metrics: [MetricFamily] {
    [
      MetricFamily(
        "telemetry_hub_messages_received", .counter, help: "Messages \"in\".\nBy QoS.",
        samples: [.init(3, labels: [.init("qos", "0")]), .init(4, labels: [.init("qos", "1\"\\")])])
    ]
  }

  var readiness: Readiness { state.withLock { $0.readiness } }

  func now() -> Int64 { state.withLock { $0.now } }
}

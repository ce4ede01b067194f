import TelemetryIngest
import TimeSeriesStorage

/// One device's way into a store of its own.
struct TelemetryStation {
  private static let now: Int64 = 1_732_000_000_000

  private let store = TimeSeriesStore(limits: StorageLimits(memoryBytes: 1 << 20, maximumSeriesPerDevice: 24))
  private let pipeline: IngestPipeline
  private let device: IngestDevice
  private let metricLevels: [UInt8]?

  init(metricLevels: [UInt8]?) throws(FuzzFinding) {
    self.metricLevels = metricLevels
    pipeline = IngestPipeline(store: store, deadLetters: DeadLetterRing(), counters: IngestCounters())
    do throws(IngestRefusal) {
      device = try ExactMemory.lend(Array("d".utf8), pipeline.device(named:))
    } catch {
      throw FuzzFinding("the device is refused: \(error)")
    }
  }

  func ingest(_ payload: [UInt8]) -> IngestResult {
    ExactMemory.lend(payload) { payload in
      ExactMemory.lend(Array("v1/devices/d/telemetry".utf8)) { topic in
        guard let metricLevels else {
          return pipeline.ingestJSON(payload, from: device, topic: topic, receivedAt: Self.now)
        }
        return ExactMemory.lend(metricLevels) {
          pipeline.ingestValue(payload, metricLevels: $0, from: device, topic: topic, receivedAt: Self.now)
        }
      }
    }
  }

  /// What the messages since the last call said, by metric, in their order.
  func stored() -> [String: [Reading]] {
    let metrics = Dictionary(uniqueKeysWithValues: store.metrics(of: device.id).map { ($0.id, $0.metric) })
    return pipeline.flush(receivedAt: Self.now) { batch in
      batch.readings.reduce(into: [:]) { stored, pending in
        let reading = Reading(time: pending.time, value: Self.value(of: pending, in: batch))
        stored[metrics[pending.series] ?? "no metric at all", default: []].append(reading)
      }
    } ?? [:]
  }

  private static func value(of pending: PendingReading, in batch: borrowing ReadingBatch) -> Value {
    switch pending.kind {
    case .number: .number(Double(bitPattern: pending.bits))
    case .boolean: .boolean(pending.bits != 0)
    case .text: .text(batch.texts[Int(pending.bits)])
    }
  }
}

import TelemetryIngest
import TimeSeriesStorage

/// A pipeline with its store, fed by text.
final class Harness {
  static let now: Int64 = 1_732_000_000_000

  let store: TimeSeriesStore
  let ring: DeadLetterRing
  let counters = IngestCounters()
  let pipeline: IngestPipeline
  let device: IngestDevice

  init(
    storage: StorageLimits = StorageLimits(), limits: IngestLimits = IngestLimits(), ring: DeadLetterRing = .init()
  ) throws {
    store = TimeSeriesStore(limits: storage)
    self.ring = ring
    let pipeline = IngestPipeline(store: store, deadLetters: ring, counters: counters, limits: limits)
    self.pipeline = pipeline
    device = try withBytes(of: "greenhouse") { name throws(IngestRefusal) in try pipeline.device(named: name) }
  }

  func json(_ text: String, at receivedAt: Int64 = Harness.now) -> IngestResult {
    json(Array(text.utf8), at: receivedAt)
  }

  func json(_ bytes: [UInt8], from other: IngestDevice? = nil, at receivedAt: Int64 = Harness.now) -> IngestResult {
    bytes.withUnsafeBytes { payload in
      withBytes(of: "v1/devices/greenhouse/telemetry") { topic in
        pipeline.ingestJSON(payload, from: other ?? device, topic: topic, receivedAt: receivedAt)
      }
    }
  }

  func value(_ text: String, levels: String, at receivedAt: Int64 = Harness.now) -> IngestResult {
    withBytes(of: text) { payload in
      withBytes(of: levels) { levels in
        withBytes(of: "v1/devices/greenhouse/telemetry/…") { topic in
          pipeline.ingestValue(payload, metricLevels: levels, from: device, topic: topic, receivedAt: receivedAt)
        }
      }
    }
  }

  /// Flushes, and answers all that the store then holds of the device, by metric.
  func stored(at receivedAt: Int64 = Harness.now) -> [String: [Reading]] {
    pipeline.flush(receivedAt: receivedAt)
    var readings: [String: [Reading]] = [:]
    for series in store.seriesList(of: device.id) {
      readings[series.metric] = (try? Array(store.snapshot(of: series.id, from: .min, to: .max))) ?? []
    }
    return readings
  }

  /// The newest value of each metric.
  func values() -> [String: Value] { stored().compactMapValues { $0.last?.value } }
}

/// Runs `body` on the text's UTF-8.
func withBytes<Answer, Failure>(
  of text: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Answer
) throws(Failure) -> Answer {
  let bytes = Array(text.utf8)
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { copy.deallocate() }
  copy.copyBytes(from: bytes)
  return try body(UnsafeRawBufferPointer(copy))
}

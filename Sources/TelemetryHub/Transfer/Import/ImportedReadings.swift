import Durability
import HubDatabase
import TimeSeriesStorage

/// Rows on their way into the store and the database, in batches.
struct ImportedReadings: Sendable {
  /// Readings that go into the store at once.
  private static let readingsOfBatch = 4_096
  /// Milliseconds by which a reading may be ahead of the hub's clock, as in telemetry.
  private static let maximumAhead: Int64 = 86_400_000
  /// Series whose place is remembered.
  private static let rememberedSeries = 65_536

  private struct SeriesNames: Hashable {
    let device: String
    let metric: String
  }

  private let store: TimeSeriesStore
  private let database: HubDatabase
  private var batch = ReadingBatch()
  private var places: [SeriesNames: SeriesID] = [:]
  private var lastSequence = CommitSequence.none
  /// Readings that the store took.
  private(set) var stored = 0

  init(store: TimeSeriesStore, database: HubDatabase) {
    self.store = store
    self.database = database
  }

  /// Adds a reading to the batch.
  ///
  /// - Parameter now: Unix milliseconds.
  /// - Throws: `ImportRefusal`.
  mutating func add(_ row: TransferRow, now: Int64) throws(ImportRefusal) {
    let (oldest, isBeforeAll) = now.subtractingReportingOverflow(store.limits.rawRetention)
    let time = row.time ?? now
    guard isBeforeAll || time >= oldest else { throw .tooOld }
    guard time <= now.advanced(by: Int(Self.maximumAhead)) else {
      throw .fault("a time more than a day ahead of the hub's clock")
    }
    if case .text(let text) = row.value, text.utf8.count > store.limits.maximumTextBytes {
      throw .fault("a text of \(text.utf8.count) bytes, allowed are \(store.limits.maximumTextBytes)")
    }
    let series = try place(of: row)
    if batch.readings.count >= Self.readingsOfBatch { flush(now: now) }
    var reading = PendingReading(series: series, time: time, kind: .number, bits: 0, assignsUniqueTime: row.time == nil)
    switch row.value {
    case .number(let number): reading.bits = number.bitPattern
    case .boolean(let boolean):
      reading.kind = .boolean
      reading.bits = boolean ? 1 : 0
    case .text(let text):
      reading.kind = .text
      reading.bits = UInt64(batch.texts.count)
      batch.texts.append(text)
    }
    batch.readings.append(reading)
  }

  /// Hands what is in the batch to the store and the database.
  mutating func flush(now: Int64) {
    guard !batch.isEmpty else { return }
    let outcome = store.append(&batch, receivedAt: now)
    stored += outcome.stored + outcome.replaced
    // At once: what has gathered is worth a write, and where the queue is full the interval would be the import's pace.
    lastSequence = database.append(batch, receivedAt: now, urgency: .immediate)
    batch.removeAll()
  }

  /// Whether more would have to wait for the disk.
  var isFull: Bool { database.isFull }

  /// Whether everything that was handed over is durable.
  var isCommitted: Bool { database.committed >= lastSequence }

  private mutating func place(of row: TransferRow) throws(ImportRefusal) -> SeriesID {
    let names = SeriesNames(device: row.device, metric: row.metric)
    if let known = places[names] { return known }
    let series: SeriesID
    do throws(StorageError) {
      let device = try store.device(named: row.device)
      series = try store.series(of: device, metric: MetricText.sanitized(row.metric))
    } catch {
      throw .fault(Self.words(error, row))
    }
    if places.count >= Self.rememberedSeries { places.removeAll(keepingCapacity: true) }
    places[names] = series
    return series
  }

  private static func words(_ error: StorageError, _ row: TransferRow) -> String {
    switch error {
    case .invalidDeviceName:
      "the device is \(row.device.abbreviatedForMessage), allowed is 1 to 64 of A-Z a-z 0-9 . _ : - "
        + "(me, . and .. are reserved)"
    case .invalidMetricName: "the metric is \(row.metric.abbreviatedForMessage), allowed are 1 to 128 bytes"
    case .tooManyDevices(let limit): "the hub has \(limit) devices, and may have no more"
    case .tooManySeries(let limit): "the hub has \(limit) series, and may have no more"
    case .tooManySeriesOfDevice(let limit):
      "the device \(row.device) has \(limit) series, and may have no more"
    case .unknownDevice: preconditionFailure("BUG: a device that was just found")
    }
  }
}

/// Why a reading is not taken.
enum ImportRefusal: Error, Equatable {
  /// Older than retention.
  case tooOld
  case fault(String)
}

import HTTPAPI

/// Reads the bytes of a file, wherever they are torn, and brings their readings into the hub.
struct ReadingsImport: ByteSink {
  /// Lines that cannot be taken and are told one by one; further ones are counted.
  static let maximumToldFaults = 20
  /// Milliseconds between two lines of the report that say how far it came.
  private static let reportInterval: Int64 = 500
  /// Bytes looked at to tell the format, where nobody named it.
  private static let bytesForFormat = 4_096

  private let isStrict: Bool
  private let influx: InfluxOptions
  private var readings: ImportedReadings
  /// Nil until the format is known.
  private var reading: (splitter: LineSplitter, reader: any RowReader)?
  /// What came before the format was known.
  private var first: [UInt8] = []
  private var rows: [TransferRow] = []
  private var progress = ImportProgress()
  private var report: [UInt8] = []
  private var lastReport: Int64 = 0
  /// Why it ended before the file did.
  private var failure: String?

  /// - Parameter format: nil where the contents are to tell it.
  init(format: TransferFormat?, influx: InfluxOptions, isStrict: Bool, readings: ImportedReadings) {
    self.influx = influx
    self.isStrict = isStrict
    self.readings = readings
    if let format { begin(format) }
  }

  private mutating func begin(_ format: TransferFormat) {
    let reader: any RowReader =
      switch format {
      case .csv: CSVRowReader()
      case .ndjson: NDJSONRowReader()
      case .influx: InfluxRowReader(influx)
      }
    reading = (LineSplitter(quotesLineFeeds: type(of: reader).quotesLineFeeds), reader)
  }

  mutating func take(_ bytes: [UInt8]) async throws -> Bool {
    guard failure == nil else { return false }
    let now = SystemClock.unixMilliseconds()
    if reading == nil {
      first += bytes
      guard first.count >= Self.bytesForFormat else { return true }
      beginByContents(now: now)
    } else {
      split(bytes, now: now)
    }
    while readings.isFull { try await Task.sleep(for: .milliseconds(5)) }
    if now - lastReport >= Self.reportInterval {
      lastReport = now
      progress.readings = readings.stored
      progress.appendLine(to: &report)
    }
    return failure == nil
  }

  mutating func finish() async throws {
    let now = SystemClock.unixMilliseconds()
    if failure == nil {
      if reading == nil { beginByContents(now: now) }
      finishLines(now: now)
    }
    readings.flush(now: now)
    while !readings.isCommitted { try await Task.sleep(for: .milliseconds(2)) }
    progress.readings = readings.stored
    progress.ignoredNames = reading?.reader.ignoredNames ?? []
    progress.appendEnd(failure: failure, to: &report)
  }

  mutating func takeReport() -> [UInt8] {
    defer { report = [] }
    return report
  }

  // MARK: Lines

  private mutating func beginByContents(now: Int64) {
    begin(TransferFormat(contents: first))
    split(first, now: now)
    first = []
  }

  private mutating func split(_ bytes: [UInt8], now: Int64) {
    // Taken out meanwhile, so that what it calls may change the rest.
    guard var splitter = reading?.splitter else { return }
    _ = bytes.withUnsafeBytes { splitter.take($0) { take($1, line: $0, now: now) } }
    reading?.splitter = splitter
  }

  private mutating func finishLines(now: Int64) {
    guard var splitter = reading?.splitter else { return }
    _ = splitter.finish { take($1, line: $0, now: now) }
    reading?.splitter = splitter
  }

  /// Whether the next line is wanted.
  private mutating func take(_ line: LineSplitter.Line, line number: Int, now: Int64) -> Bool {
    progress.lines += 1
    guard case .text(let bytes) = line else {
      refuse("longer than \(LineSplitter.maximumLineBytes) bytes", line: number)
      return failure == nil
    }
    rows.removeAll(keepingCapacity: true)
    do throws(RowFault) {
      try reading?.reader.read(bytes, into: &rows)
    } catch {
      refuse(error.reason, line: number)
      if error.endsImport { failure = "line \(number): \(error.reason)" }
      return failure == nil
    }
    for row in rows {
      do throws(ImportRefusal) {
        try readings.add(row, now: now)
      } catch {
        switch error {
        case .tooOld:
          progress.refused += 1
          progress.tooOld += 1
        case .fault(let reason): refuse(reason, line: number)
        }
        if failure != nil { return false }
      }
    }
    return true
  }

  private mutating func refuse(_ reason: String, line: Int) {
    progress.refused += 1
    progress.faults += 1
    if progress.faults <= Self.maximumToldFaults { ImportProgress.appendFault(reason, line: line, to: &report) }
    if isStrict { failure = "line \(line): \(reason)" }
  }
}

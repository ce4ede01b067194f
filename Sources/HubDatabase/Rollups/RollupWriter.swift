import TimeSeriesStorage

/// Sums up what comes into chunks, within the transaction that writes them.
///
/// A bucket is made of the readings that the file has of its time, and takes the place of the stored one unless that has
/// more: then some of its readings are gone, removed because of their age or for room.
final class RollupWriter {
  /// Readings that are decoded before the next are asked for.
  private static let readingsAtOnce = 16_384

  private let chunks: ChunkReader
  private let reader: RollupReader
  private let rows: RollupRows

  init(_ connection: SQLiteConnection, rows: RollupRows) throws(SQLiteError) {
    chunks = try ChunkReader(connection)
    reader = try RollupReader(connection)
    self.rows = rows
  }

  /// Sums up the readings of a range of time anew, and all that share a bucket with them; says by how many bytes the
  /// series' rollups grew.
  func update(_ range: ClosedRange<Int64>, number: Int64) throws(SQLiteError) -> Int64 {
    let minutes = Self.buckets(.minute, range)
    let computed = try minutesOfReadings(in: minutes, number: number)
    guard !computed.isEmpty else { return 0 }
    let growth = try replace(computed, level: .minute, in: minutes, number: number)
    let hours = Self.buckets(.hour, range)
    let stored = try reader.rows(ofSeries: number, level: .minute, from: hours.lowerBound, to: hours.upperBound).rows
    var builder = RollupBuilder(.hour)
    for rollup in Self.rollups(of: stored) where hours.contains(rollup.start) { builder.add(rollup) }
    let all = growth + (try replace(builder.finish(), level: .hour, in: hours, number: number))
    try rows.grew(number, by: all)
    return all
  }

  private static func buckets(_ level: RollupLevel, _ range: ClosedRange<Int64>) -> Range<Int64> {
    level.start(of: range.lowerBound)..<level.end(of: range.upperBound)
  }

  private func minutesOfReadings(in range: Range<Int64>, number: Int64) throws(SQLiteError) -> [Rollup] {
    var builder = RollupBuilder(.minute)
    var from: Int64? = range.lowerBound
    while let start = from {
      let found = try chunks.chunks(
        ofSeries: number, from: start, to: range.upperBound, maximumReadings: Self.readingsAtOnce)
      let part = start..<(found.resumeTime ?? range.upperBound)
      for chunk in found.chunks {
        // A damaged chunk has no readings to sum up; whoever reads it says so.
        try? builder.add(chunk, in: part)
      }
      from = found.resumeTime
    }
    return builder.finish()
  }

  /// The buckets that can be read.
  private static func rollups(of rows: [RollupReader.Row]) -> [Rollup] {
    rows.flatMap { row in (try? row.segment?.rollups()) ?? [] }
  }

  /// Puts buckets among those that are stored; they are all that the range has readings for.
  private func replace(
    _ computed: [Rollup], level: RollupLevel, in range: Range<Int64>, number: Int64
  ) throws(SQLiteError) -> Int64 {
    var stored = try reader.rows(ofSeries: number, level: level, from: range.lowerBound, to: range.upperBound).rows
    // The one before the range is filled up.
    if let first = stored.first, first.last < range.lowerBound, first.count >= RollupSegment.maximumCount {
      stored.removeFirst()
    }
    let merged = Rollup.merged(stored: Self.rollups(of: stored), computed: computed)
    guard let last = merged.last else { return 0 }
    var growth: Int64 = 0
    for row in stored { growth -= try rows.delete(row.first, level, ofSeries: number) }
    let isNewest = try !rows.hasLater(than: last.start, level, ofSeries: number)
    for part in Self.parts(of: merged, isNewest: isNewest) {
      growth += try rows.insert(part, level, ofSeries: number)
    }
    return growth
  }

  /// At the end of all, full segments are left behind, which stay as they are. Between others there is room for more in each.
  private static func parts(of rollups: [Rollup], isNewest: Bool) -> [ArraySlice<Rollup>] {
    let most = RollupSegment.maximumCount
    let count = (rollups.count + most - 1) / most
    let size = isNewest ? most : (rollups.count + count - 1) / count
    return stride(from: 0, to: rollups.count, by: size).map { rollups[$0..<min(rollups.count, $0 + size)] }
  }
}

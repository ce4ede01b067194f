import Synchronization
import TimeSeriesStorage

/// Rollups that queries have read, with their columns as they were decoded: most questions are asked again and again.
///
/// What a commit has changed is forgotten before the store hears of that commit, so that nobody takes what was for what is.
final class RollupCache: Sendable {
  /// What was read: all segments that a range touches, with a limit on their number.
  struct Key: Hashable {
    /// The series' number in the file.
    let series: Int64
    let level: RollupLevel
    let from: Int64
    let to: Int64
  }

  fileprivate struct Entry {
    let rollups: ArchivedRollups
    let bytes: Int
    var lastUse: Int
  }

  fileprivate struct State {
    /// By series, so that a change of one is a matter of its entries alone.
    var entries: [Int64: [Key: Entry]] = [:]
    var bytes = 0
    var uses = 0
    /// How often something was forgotten.
    var version = 0
  }

  private let state = Mutex(State())
  private let maximumBytes: Int

  /// - Parameter maximumBytes: from there on what was not asked for longest is forgotten; 0: nothing is kept.
  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  /// What is kept of it; else what `read` gives, which is kept from now on.
  func rollups(
    _ key: Key, read: () throws(SQLiteError) -> ArchivedRollups
  ) throws(SQLiteError) -> ArchivedRollups {
    let (found, version) = state.withLock { state in (state.use(key), state.version) }
    if let found { return found }
    let rollups = try read()
    let bytes = rollups.segments.reduce(256) { $0 + $1.cachedBytes }
    guard bytes <= maximumBytes / 4 else { return rollups }
    let kept = ArchivedRollups(segments: rollups.segments.map { $0.keepingColumns() }, resumeTime: rollups.resumeTime)
    state.withLock { state in
      // Else it may be what was before a change that has been made since.
      guard state.version == version else { return }
      state.add(key, Entry(rollups: kept, bytes: bytes, lastUse: state.uses))
      while state.bytes > maximumBytes { state.removeOldest() }
    }
    return kept
  }

  /// Forgets what is kept of some series.
  func forget(_ series: some Sequence<Int64>) {
    state.withLock { state in
      state.version += 1
      for number in series {
        for entry in state.entries.removeValue(forKey: number)?.values ?? [:].values { state.bytes -= entry.bytes }
      }
    }
  }

  func removeAll() {
    state.withLock { state in state = State(version: state.version + 1) }
  }
}

extension RollupCache.State {
  fileprivate mutating func use(_ key: RollupCache.Key) -> ArchivedRollups? {
    guard entries[key.series]?[key] != nil else { return nil }
    uses += 1
    entries[key.series]?[key]?.lastUse = uses
    return entries[key.series]?[key]?.rollups
  }

  fileprivate mutating func add(_ key: RollupCache.Key, _ entry: RollupCache.Entry) {
    bytes += entry.bytes
    if let former = entries[key.series, default: [:]].updateValue(entry, forKey: key) { bytes -= former.bytes }
  }

  fileprivate mutating func removeOldest() {
    var oldest: (key: RollupCache.Key, use: Int)?
    for entries in entries.values {
      for (key, entry) in entries where entry.lastUse < oldest?.use ?? .max { oldest = (key, entry.lastUse) }
    }
    guard let key = oldest?.key, let removed = entries[key.series]?.removeValue(forKey: key) else { return }
    bytes -= removed.bytes
    if entries[key.series]?.isEmpty == true { entries[key.series] = nil }
  }
}

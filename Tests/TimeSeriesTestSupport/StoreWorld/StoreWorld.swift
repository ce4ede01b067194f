import TimeSeriesStorage

/// A store, with an archive or without, and a plain dictionary of what both together must hold: through appends in any
/// order, evictions, checkpoints, retention and crashes.
package struct StoreWorld {
  /// A batch as the log of a hub keeps it, in final times.
  struct LoggedBatch {
    var receivedAt: Int64
    var entries: [(series: Int, reading: Reading)] = []
  }

  var store: TimeSeriesStore
  /// nil: what memory gives up is gone.
  let archive: FakeArchive?
  let limits: StorageLimits
  var series: [SeriesID] = []
  var models: [SeriesModel] = []
  /// A moving time of each series, about its newest.
  var clocks: [Int64] = []
  /// The time of receipt.
  var now: Int64 = 1_000
  /// What is appended again after a crash: since the last complete checkpoint began, and before it.
  var log: [[LoggedBatch]] = [[]]
  /// What readers hold, and what they must go on to hold.
  var held: [(snapshot: SeriesSnapshot, readings: [Reading])] = []

  /// Whether nothing was ever given up: the store knows of every reading.
  var isAllInMemory: Bool
  /// What was wrong with the answer to an append.
  var fault: String?

  package init(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    limits = StorageLimits(
      memoryBytes: [1, 3_000, 12_000, 60_000, 1 << 30].randomElement(using: &random) ?? 1,
      maximumUnsealedBlocks: [1, 4, 64].randomElement(using: &random) ?? 1,
      rawRetention: [.max, .max, 3_000].randomElement(using: &random) ?? .max)
    archive = Int.random(in: 0..<4, using: &random) == 0 ? nil : FakeArchive()
    isAllInMemory = limits.memoryBytes == 1 << 30 && limits.rawRetention == .max
    store = Self.store(limits, archive)
    for number in 0..<Int.random(in: 1...4, using: &random) {
      series.append(try store.makeSeries(Self.device(number), "m\(number)"))
      models.append(SeriesModel())
      clocks.append(now)
    }
  }

  static func device(_ number: Int) -> String { "d\(number % 2)" }

  static func store(_ limits: StorageLimits, _ archive: FakeArchive?) -> TimeSeriesStore {
    let store = TimeSeriesStore(limits: limits)
    if let archive { store.attach(archive: archive) }
    return store
  }

  /// Does one thing, `choice` says what and `seed` how, and says what is wrong then.
  package mutating func step(_ choice: UInt8, seed: UInt64) throws -> String? {
    var random = SeededGenerator(seed: seed)
    switch choice % 16 {
    case 0..<6: append(&random)
    case 6: appendInOrder(&random)
    case 7: appendOverHistory(&random)
    case 8: appendWithoutTimes(&random)
    case 9: appendWhatIsInvalid(&random)
    case 10, 11: if let problem = try checkpoint(isComplete: true, &random) { return problem }
    case 12: if let problem = try checkpoint(isComplete: false, &random) { return problem }
    case 13: try crash(&random)
    case 14: removeOldest(&random)
    default: try hold(&random)
    }
    if archive?.isWithoutOverlap == false { return "chunks overlap" }
    return try fault ?? accountsProblem() ?? problem(&random)
  }

  /// What is wrong with all that there is, at the end.
  package func finalProblem() throws -> String? {
    for (number, id) in series.enumerated() {
      let all = try Array(store.snapshot(of: id, from: .min, to: .max))
      if let problem = models[number].problem(with: all, in: .min ..< .max) { return problem }
    }
    for (snapshot, readings) in held {
      if let problem = difference(snapshot, readings) { return "what a reader held: " + problem }
    }
    return nil
  }
}

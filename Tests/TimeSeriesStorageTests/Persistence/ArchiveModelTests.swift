import Testing

@testable import TimeSeriesStorage

/// The store over an archive against plain dictionaries, through appends, evictions, checkpoints and crashes in any order.
@Suite struct ArchiveModelTests {
  @Test(arguments: 0..<64)
  func holdsWhatADictionaryHolds(_ block: Int) throws {
    for seed in block * 2..<(block + 1) * 2 {
      var world = try ArchiveWorld(seed: UInt64(seed))
      for step in 0..<40 {
        let problem = try world.step()
        #expect(problem == nil, "seed \(seed), step \(step)")
        if problem != nil { return }
      }
    }
  }
}

/// A store, its archive, and what both together must hold.
struct ArchiveWorld {
  private var random: SeededGenerator
  private var store: TimeSeriesStore
  private let archive = FakeArchive()
  private var series: [SeriesID] = []
  private var model: [[Int64: Value]] = []
  /// Appended since the last complete checkpoint began, and before it.
  private var log: [[(series: Int, time: Int64, value: Value)]] = [[]]
  private var clock: [Int64] = []
  private let memoryBytes: Int
  private let largest: Int

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    memoryBytes = [1, 3_000, 12_000, 60_000, 1 << 30][Int.random(in: 0..<5, using: &random)]
    largest = [3, 30, 120][Int.random(in: 0..<3, using: &random)]
    store = Self.store(memoryBytes, archive)
    for number in 0..<Int.random(in: 1...4, using: &random) {
      series.append(try store.makeSeries("d\(number % 2)", "m\(number)"))
      model.append([:])
      clock.append(0)
    }
  }

  private static func store(_ memoryBytes: Int, _ archive: FakeArchive) -> TimeSeriesStore {
    let store = TimeSeriesStore(
      limits: StorageLimits(memoryBytes: memoryBytes, maximumUnsealedBlocks: 4, rawRetention: .max))
    store.attach(archive: archive)
    return store
  }

  /// Does one thing and says what is wrong then.
  mutating func step() throws -> String? {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<12: append()
    case 12..<15: try checkpoint(isComplete: true)
    case 15: try checkpoint(isComplete: false)
    case 16: try crash()
    default: break
    }
    guard archive.isWithoutOverlap else { return "chunks overlap" }
    return try problem()
  }

  private mutating func append() {
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var batch = ReadingBatch()
      for _ in 0..<Int.random(in: 1...largest, using: &random) {
        let pick = Int.random(in: 0..<series.count, using: &random)
        let (time, value) = (time(pick), value())
        batch.add(series[pick], time, value)
        model[pick][time] = value
        log[log.count - 1].append((pick, time, value))
      }
      _ = store.append(&batch, receivedAt: 0)
    }
  }

  private mutating func time(_ pick: Int) -> Int64 {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return clock[pick] - Int64.random(in: 0...2_000, using: &random)
    case 1: return clock[pick] - Int64.random(in: 0...20, using: &random)
    case 2: return model[pick].keys.randomElement(using: &random) ?? 0
    default:
      clock[pick] += Int64.random(in: 1...4, using: &random)
      return clock[pick]
    }
  }

  private mutating func value() -> Value {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: .boolean(.random(using: &random))
    case 1: .text("text \(Int.random(in: 0..<5, using: &random)), longer than fifteen bytes")
    default: .number(Double(Int.random(in: 0..<1_000, using: &random)) / 10)
    }
  }

  /// Takes and writes all, with appends between; an incomplete one stops before some series, or before it is told.
  private mutating func checkpoint(isComplete: Bool) throws {
    log.append([])
    var cursor: PersistenceCursor? = .start
    while let start = cursor {
      let batch = store.unpersistedSeries(after: start, maximumBytes: Int.random(in: 1...20_000, using: &random))
      if Bool.random(using: &random) { append() }
      for series in batch.series {
        if !isComplete, Int.random(in: 0..<3, using: &random) == 0 { return }
        try archive.write(series)
        if Bool.random(using: &random) { append() }
        guard archive.isWithoutOverlap, try problem() == nil else { return }
        if isComplete || Bool.random(using: &random) { store.didPersist(series.token) }
      }
      cursor = batch.next
    }
    if isComplete { log.removeFirst(log.count - 1) }
  }

  /// Forgets the memory: what is stored comes back, and what came since the last complete checkpoint is appended again.
  private mutating func crash() throws {
    store = Self.store(memoryBytes, archive)
    try restore()
    for entry in log.joined() {
      var batch = ReadingBatch()
      batch.add(series[entry.series], entry.time, entry.value)
      _ = store.replay(&batch, receivedAt: 0)
    }
  }

  private mutating func restore() throws {
    for (number, id) in series.enumerated() {
      // Made in the same order, they get the same numbers.
      guard try store.restoreSeries(device: "d\(number % 2)", metric: "m\(number)") == id else { continue }
      let stored = archive.chunks(of: id)
      guard !stored.isEmpty else { continue }
      let taken = stored.suffix(Int.random(in: 1...stored.count, using: &random))
      try store.restore(id, chunks: Array(taken), isComplete: taken.count == stored.count, received: 0)
    }
  }

  // MARK: What must hold

  private mutating func problem() throws -> String? {
    let statistics = store.statistics
    guard statistics.unpersistedBytes == store.unpersistedBytes, statistics.unpersistedBytes >= 0,
      statistics.ringBytes == statistics.chunkBytes + statistics.rawBytes,
      statistics.unpersistedBytes <= statistics.ringBytes
    else { return "accounts: \(statistics)" }
    for pick in [Int.random(in: 0..<series.count, using: &random)] {
      let id = series[pick]
      let expected = model[pick].map { Reading(time: $0.key, value: $0.value) }.sorted { $0.time < $1.time }
      guard store.latest(id)?.reading == expected.last else { return "latest: \(String(describing: store.latest(id)))" }
      let from = Int64.random(in: -2_100...clock[pick] + 10, using: &random)
      let to = Int64.random(in: from...clock[pick] + 20, using: &random)
      let inRange = expected.filter { $0.time >= from && $0.time < to }
      if let problem = difference(try store.snapshot(of: id, from: from, to: to), inRange) { return problem }
      var parts: [Reading] = []
      var next: Int64? = from
      while let start = next {
        let part = try store.snapshot(of: id, from: start, to: to, maximumReadings: 100)
        guard part.count == Array(part).count else { return "a snapshot of \(part.count)" }
        parts += Array(part)
        next = part.resumeTime
      }
      if let problem = difference(parts, inRange) { return "in parts: " + problem }
    }
    return nil
  }
}

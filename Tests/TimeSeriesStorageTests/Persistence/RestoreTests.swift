import Synchronization
import Testing
import TimeSeriesTestSupport

@testable import TimeSeriesStorage

@Suite struct RestoreTests {
  /// A series of 1,000 readings as an archive holds it after a checkpoint.
  private static func stored() throws -> (archive: FakeArchive, series: SeriesID) {
    let archive = FakeArchive()
    let store = TimeSeriesStore.keepingAll()
    store.attach(archive: archive)
    let series = try store.makeSeries("d", "m")
    for time in 0..<1_000 { store.put(series, Int64(time), .number(Double(time % 7) / 10), receivedAt: 5) }
    for unpersisted in store.unpersistedSeries(maximumBytes: .max).series {
      #expect((unpersisted.device, unpersisted.metric) == ("d", "m"))
      #expect(unpersisted.received == 5)
      try archive.write(unpersisted)
      store.didPersist(unpersisted.token)
    }
    #expect(store.unpersistedBytes == 0)
    #expect(store.unpersistedSeries(maximumBytes: .max).series.isEmpty)
    return (archive, series)
  }

  @Test func goesOnFromItsNewestChunk() throws {
    let (archive, id) = try Self.stored()
    let store = TimeSeriesStore.keepingAll()
    store.attach(archive: archive)
    #expect(try store.restoreSeries(device: "d", metric: "m") == id)
    try store.restore(id, chunks: archive.chunks(of: id).suffix(1), isComplete: false, received: 7)
    #expect(store.latest(id) == LatestReading(reading: Reading(time: 999, value: .number(0.5)), received: 7))
    #expect(store.statistics.restoredTotal == store.statistics.readingsStored)
    #expect(store.unpersistedBytes == 0)
    store.put(id, 1_000, .number(1))
    #expect(store.unpersistedBytes > 0)
    #expect(store.all(id).map(\.time) == Array(0...1_000))
  }

  @Test func limitsOnNumbersDoNotApply() throws {
    let store = TimeSeriesStore(limits: StorageLimits(maximumDevices: 1, maximumSeries: 1, maximumSeriesPerDevice: 1))
    for number in 0..<3 { _ = try store.restoreSeries(device: "d\(number)", metric: "m") }
    #expect(store.statistics.series == 3)
    #expect(throws: StorageError.tooManyDevices(limit: 1)) { try store.device(named: "another") }
    #expect(throws: StorageError.invalidDeviceName) { try store.restoreSeries(device: "", metric: "m") }
    #expect(throws: StorageError.invalidMetricName) { try store.restoreSeries(device: "d", metric: "a b") }
  }

  @Test func damageIsToldAndChangesNothing() throws {
    let (archive, id) = try Self.stored()
    let store = TimeSeriesStore.keepingAll()
    store.attach(archive: archive)
    _ = try store.restoreSeries(device: "d", metric: "m")
    let chunks = archive.chunks(of: id)
    var cut = chunks
    cut[1].bytes.removeSubrange(8...)
    #expect(throws: RestoreError.damaged(index: 1, .damaged("a header of 8 bytes"))) {
      try store.restore(id, chunks: cut, isComplete: true, received: 0)
    }
    var torn = chunks
    torn[3].bytes.removeLast()
    #expect(throws: RestoreError.damaged(index: 3, .damaged("the bits of its readings"))) {
      try store.restore(id, chunks: torn, isComplete: true, received: 0)
    }
    #expect(throws: RestoreError.overlapping(index: 1)) {
      try store.restore(id, chunks: [chunks[0], chunks[0]], isComplete: true, received: 0)
    }
    #expect(store.statistics.ringBytes == 0)
    torn.remove(at: 3)
    try store.restore(id, chunks: torn, isComplete: true, received: 0)
    #expect(store.statistics.readingsStored == 3 * 256)
  }

  @Test func anArchiveThatCannotBeReadIsAnError() throws {
    let (archive, id) = try Self.stored()
    let store = TimeSeriesStore.keepingAll()
    store.attach(archive: archive)
    _ = try store.restoreSeries(device: "d", metric: "m")
    try store.restore(id, chunks: archive.chunks(of: id).suffix(1), isComplete: false, received: 0)
    archive.contents.withLock { $0.isBroken = true }
    #expect(throws: ArchiveError.unreadable("Unreadable()")) { try store.snapshot(of: id, from: 0, to: 2_000) }
    // What memory holds needs no archive.
    #expect(try store.snapshot(of: id, from: 999, to: 2_000).count == 1)
  }

  @Test func nothingIsEvictedBeforeItIsPersisted() throws {
    let archive = FakeArchive()
    let store = TimeSeriesStore.keepingAll(memoryBytes: 5_000)
    store.attach(archive: archive)
    let series = try store.makeSeries("d", "m")
    var random = SeededGenerator(seed: 1)
    for time in 0..<5_000 { store.put(series, Int64(time), .number(.random(in: 0...1, using: &random))) }
    #expect(store.statistics.evictedTotal == 0)
    #expect(store.unpersistedBytes > 5_000)
    for unpersisted in store.unpersistedSeries(maximumBytes: .max).series {
      try archive.write(unpersisted)
      store.didPersist(unpersisted.token)
    }
    store.put(series, 5_000, .number(0))
    #expect(store.statistics.ringBytes <= 5_000)
    #expect(store.all(series).count == 5_001)
  }
}

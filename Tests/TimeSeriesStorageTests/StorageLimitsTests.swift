import Testing
import TimeSeriesTestSupport

@testable import TimeSeriesStorage

@Suite struct StorageLimitsTests {
  /// The defaults fit one another.
  @Test func relations() {
    let limits = StorageLimits()
    #expect(limits.maximumSeriesPerDevice <= limits.maximumSeries)
    #expect(limits.maximumDevices <= limits.maximumSeries)
    #expect(limits.maximumSeries <= ShardNumbering.maximumNumber)
    #expect(limits.maximumDevices <= ShardNumbering.maximumNumber)
    // Every series can keep its newest readings.
    #expect(
      limits.maximumSeries * Block.fixedBytes(capacity: Block.capacity(after: 0), kind: .mixed) <= limits.memoryBytes)
    // One full block of the longest texts fits many times over.
    let text = TextBox.byteSize(of: String(repeating: "x", count: limits.maximumTextBytes))
    #expect((text + 17) * Block.maximumCapacity * 10 <= limits.memoryBytes)
    #expect(limits.maximumTextBytes < Int(UInt16.max))
    #expect(limits.rawRetention > 0)
  }

  @Test func boundsDevices() throws {
    let store = TimeSeriesStore(limits: StorageLimits(maximumDevices: 3))
    for name in ["a", "b", "c", "a"] { _ = try store.device(named: name) }
    #expect(throws: StorageError.tooManyDevices(limit: 3)) { try store.device(named: "d") }
    #expect(throws: StorageError.tooManyDevices(limit: 3)) { try store.device(named: "e") }
    #expect(try store.device(named: "b") == store.findDevice(named: "b"))
    #expect(store.statistics.devices == 3)
  }

  @Test func boundsSeries() throws {
    let store = TimeSeriesStore(limits: StorageLimits(maximumSeries: 5, maximumSeriesPerDevice: 3))
    let first = try store.device(named: "a")
    let second = try store.device(named: "b")
    for metric in ["x", "y", "z", "x"] { _ = try store.series(of: first, metric: metric) }
    #expect(throws: StorageError.tooManySeriesOfDevice(limit: 3)) { try store.series(of: first, metric: "w") }
    for metric in ["x", "y"] { _ = try store.series(of: second, metric: metric) }
    #expect(throws: StorageError.tooManySeries(limit: 5)) { try store.series(of: second, metric: "z") }
    #expect(store.statistics.series == 5)
  }

  @Test func fewReadingsTakeLittle() throws {
    let store = TimeSeriesStore()
    for device in 0..<100 {
      for metric in 0..<100 {
        store.put(try store.makeSeries("device-\(device)", "m\(metric)"), 0, .number(1), receivedAt: 0)
      }
    }
    #expect(store.statistics.readingsStored == 10_000)
    #expect(store.statistics.ringBytes <= 10_000 * 150)
    #expect(store.statistics.indexBytes <= 10_000 * 600)
  }

  /// History that comes backwards fills its blocks as well as history that comes forwards.
  @Test func orderDoesNotWasteMemory() throws {
    func bytes(_ time: (Int64) -> Int64) throws -> Int {
      let store = TimeSeriesStore.keepingAll()
      let series = try store.makeSeries("d", "m")
      var batch = ReadingBatch()
      for step in 0..<Int64(20_000) { batch.add(series, time(step), .number(0)) }
      _ = store.append(&batch, receivedAt: 0)
      return store.statistics.ringBytes
    }
    let forwards = try bytes { $0 }
    #expect(forwards < 20_000)
    #expect(try bytes { -$0 } < forwards + 2 * Block.fixedBytes(capacity: Block.maximumCapacity, kind: .number))
    // In no order at all most of its blocks lie raw.
    #expect(try bytes { ($0 * 7_919) % 20_000 } < 20_000 * 17 * 2)
  }

  @Test func booksTextsAsTheyComeAndGo() throws {
    let store = TimeSeriesStore.keepingAll()
    let series = try store.makeSeries("d", "m")
    for time in 0..<200 { store.put(series, Int64(time), .text("a text that is longer than fifteen bytes")) }
    #expect(store.statistics.textBytes == 200 * TextBox.byteSize(of: "a text that is longer than fifteen bytes"))
    for time in 0..<200 { store.put(series, Int64(time), .number(0)) }
    #expect(store.statistics.textBytes == 0)
    #expect(store.statistics.readingsStored == 200)
  }
}

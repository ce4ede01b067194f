import Testing
import TimeSeriesStorage

@testable import TelemetryQuery

@Suite struct ExportReaderTests {
  private static let now: Int64 = 1_700_000_000_000

  /// More series than a page has names of, three readings in each.
  private func store(devices: Int, metrics: Int) throws -> TimeSeriesStore {
    let store = TimeSeriesStore(limits: StorageLimits(maximumSeriesPerDevice: metrics))
    var batch = ReadingBatch()
    for device in 0..<devices {
      let id = try store.device(named: "d\(device)")
      for metric in 0..<metrics {
        let series = try store.series(of: id, metric: "m\(metric)")
        for index in 0..<3 {
          batch.readings.append(
            PendingReading(
              series: series, time: Self.now + Int64(index), kind: .number,
              bits: Double(device * metrics + metric).bitPattern, assignsUniqueTime: false))
        }
      }
    }
    #expect(store.append(&batch, receivedAt: Self.now).stored == devices * metrics * 3)
    return store
  }

  private func read(_ reader: ExportReader) throws -> [(series: String, times: [Int64])] {
    var reader = reader
    var all: [(series: String, times: [Int64])] = []
    while let series = reader.nextSeries() {
      var times: [Int64] = []
      while let reading = try reader.next() { times.append(reading.time - Self.now) }
      all.append(("\(series.device)/\(series.metric)", times))
    }
    return all
  }

  @Test func givesEverySeriesOnceInOrder() throws {
    let store = try store(devices: 7, metrics: 400)
    let all = try read(ExportReader(try Selector(device: nil, metric: nil), store: store))
    #expect(all.count == 2_800)
    #expect(all.allSatisfy { $0.times == [0, 1, 2] })
    let names = all.map(\.series)
    #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } && Set(names).count == names.count)
  }

  @Test func aSeriesMayBeLeftBeforeItsEnd() throws {
    var reader = ExportReader(try Selector(device: nil, metric: "m1"), store: try store(devices: 3, metrics: 2))
    var devices: [String] = []
    while let series = reader.nextSeries() {
      devices.append(series.device)
      #expect(try reader.next()?.time == Self.now)
    }
    #expect(devices == ["d0", "d1", "d2"])
    #expect(reader.nextSeries() == nil)
    #expect(try reader.next() == nil)
  }

  @Test func fromIsInclusiveAndToExclusive() throws {
    let store = try store(devices: 1, metrics: 1)
    let selector = try Selector(device: "d0,nobody", metric: nil)
    let reader = ExportReader(selector, from: Self.now + 1, to: Self.now + 2, store: store)
    #expect(try read(reader).map(\.times) == [[1]])
    #expect(reader.unknownDevices == ["nobody"])
  }
}

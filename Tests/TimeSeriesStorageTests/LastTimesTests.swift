import Testing
import TimeSeriesTestSupport

@testable import TimeSeriesStorage

@Suite struct LastTimesTests {
  @Test(arguments: [0, 1, 3, 33, 300, 1_000, 2_000])
  func areTheEndOfAllTimes(limit: Int) throws {
    let store = TimeSeriesStore.keepingAll()
    let series = try store.series(of: store.device(named: "d"), metric: "m")
    for time in 0..<Int64(1_000) { _ = store.put(series, time * time, .number(Double(time))) }
    let snapshot = try store.snapshot(of: series, from: 5, to: .max)
    #expect(snapshot.parts.count > 2)
    #expect(try snapshot.lastTimes(limit) == snapshot.map(\.time).suffix(limit))
  }
}

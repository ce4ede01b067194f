package import TimeSeriesStorage

/// Every reading that a selector and a range of time fit, without a limit: series by series in order of device and
/// metric, each in order of time.
///
/// Holds the names of a page of series and a few blocks of readings, however much there is.
package struct ExportReader: Sendable {
  /// Series whose names are held at once.
  private static let seriesOfPage = 1_000

  private let selector: Selector
  private let store: TimeSeriesStore
  private let from: Int64
  private let to: Int64
  private var page: Selection
  private var nextOfPage = 0
  private var reader: RawReader?

  /// - Parameters:
  ///   - from: inclusive, Unix milliseconds.
  ///   - to: exclusive, Unix milliseconds.
  package init(_ selector: Selector, from: Int64 = .min, to: Int64 = .max, store: TimeSeriesStore) {
    self.selector = selector
    self.store = store
    self.from = from
    self.to = to
    page = selector.page(in: store, limit: Self.seriesOfPage)
  }

  /// Devices named without a wildcard that the store does not know.
  package var unknownDevices: [String] { page.unknownDevices }

  /// The series whose readings come next; nil at the end.
  package mutating func nextSeries() -> SelectedSeries? {
    reader = nil
    if nextOfPage == page.series.count {
      guard let next = page.next else { return nil }
      page = selector.page(in: store, from: next, limit: Self.seriesOfPage)
      nextOfPage = 0
    }
    guard nextOfPage < page.series.count else { return nil }
    let series = page.series[nextOfPage]
    nextOfPage += 1
    reader = RawReader(SnapshotReader(store: store, series: series.id, from: from, to: to))
    return series
  }

  /// The next reading of the series; nil at its end.
  ///
  /// - Throws: `ArchiveError` where the archive cannot give what memory does not hold.
  package mutating func next() throws(ArchiveError) -> Reading? { try reader?.next() }
}

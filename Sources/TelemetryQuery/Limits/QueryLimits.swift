/// Every bound of a query, in one place.
package struct QueryLimits: Sendable, Equatable {
  /// Series that one query may read.
  package var maximumSeriesPerQuery: Int
  /// Rows of an answer whose query names no limit.
  package var defaultRows: Int
  /// Rows of any answer.
  package var maximumRows: Int
  /// Windows between `from` and `to`, empty ones counted.
  package var maximumWindows: Int64
  /// Readings or buckets that a query with windows reads, about, before it takes a coarser level.
  package var readingsOfLevel: Int
  /// Patterns in one comma-separated list.
  package var maximumPatterns: Int
  /// Bytes of one comma-separated list of patterns.
  package var maximumSelectorBytes: Int

  package init(
    maximumSeriesPerQuery: Int = 10_000,
    defaultRows: Int = 10_000,
    maximumRows: Int = 1_000_000,
    maximumWindows: Int64 = 1_000_000,
    readingsOfLevel: Int = 20_000,
    maximumPatterns: Int = 64,
    maximumSelectorBytes: Int = 4_096
  ) {
    self.maximumSeriesPerQuery = maximumSeriesPerQuery
    self.defaultRows = defaultRows
    self.maximumRows = maximumRows
    self.maximumWindows = maximumWindows
    self.readingsOfLevel = readingsOfLevel
    self.maximumPatterns = maximumPatterns
    self.maximumSelectorBytes = maximumSelectorBytes
  }
}

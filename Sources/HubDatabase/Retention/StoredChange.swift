import TimeSeriesStorage

/// What a transaction does to what is known of a series' rows.
struct StoredChange {
  var series: Int64
  var kind: StoredBytes.Kind
  var bytes: Int64
  var coverage = ArchiveCoverage()
}

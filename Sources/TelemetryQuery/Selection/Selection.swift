/// What a selector found in the store.
package struct Selection: Sendable, Equatable {
  /// Sorted by device, then metric, by their bytes.
  package var series: [SelectedSeries]
  /// Devices named without a wildcard that the store does not know.
  package var unknownDevices: [String]
  /// Where the rest begins; nil where these are all.
  package var next: SeriesPosition?

  package init(series: [SelectedSeries], unknownDevices: [String], next: SeriesPosition? = nil) {
    self.series = series
    self.unknownDevices = unknownDevices
    self.next = next
  }
}

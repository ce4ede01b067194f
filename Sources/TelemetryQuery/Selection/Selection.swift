/// What a selector found in the store.
package struct Selection: Sendable, Equatable {
  /// Sorted by device, then metric, by their bytes.
  package var series: [SelectedSeries]
  /// Devices named without a wildcard that the store does not know.
  package var unknownDevices: [String]

  package init(series: [SelectedSeries], unknownDevices: [String]) {
    self.series = series
    self.unknownDevices = unknownDevices
  }
}

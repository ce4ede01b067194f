package import TimeSeriesStorage

/// A series that a query reads.
package struct SelectedSeries: Sendable, Equatable {
  package var id: SeriesID
  package var deviceID: DeviceID
  package var device: String
  package var metric: String

  package init(id: SeriesID, deviceID: DeviceID, device: String, metric: String) {
    self.id = id
    self.deviceID = deviceID
    self.device = device
    self.metric = metric
  }
}

/// A place in the order of series, which is by device, then metric, by their bytes; there need be no such series.
package struct SeriesPosition: Sendable, Equatable {
  package var device: String
  package var metric: String

  package init(device: String, metric: String) {
    self.device = device
    self.metric = metric
  }
}

/// What the store holds of a series, at one moment.
package struct SeriesSummary: Sendable, Equatable {
  package var id: SeriesID
  package var metric: String
  /// Readings in memory now, the overlay's not counted.
  package var count: Int
  /// The time of the oldest reading in memory, Unix milliseconds.
  package var firstTime: Int64?
  /// The newest reading's time, in memory or not, Unix milliseconds.
  package var lastTime: Int64?
  package var latest: LatestReading?

  package init(
    id: SeriesID, metric: String, count: Int, firstTime: Int64?, lastTime: Int64?, latest: LatestReading?
  ) {
    self.id = id
    self.metric = metric
    self.count = count
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.latest = latest
  }
}

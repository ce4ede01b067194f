/// One value of one metric.
public struct MetricReading: Sendable, Equatable {
  /// The metric's name.
  public var metric: String
  /// What was measured.
  public var value: MetricValue
  /// Unix milliseconds where the sensor knows better when it measured; nil: the moment at which it was read.
  public var unixMilliseconds: Int64?

  /// One value; its time is the moment of reading where none is given.
  public init(_ metric: String, _ value: MetricValue, unixMilliseconds: Int64? = nil) {
    self.metric = metric
    self.value = value
    self.unixMilliseconds = unixMilliseconds
  }
}

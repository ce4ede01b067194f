/// Something that measures.
///
/// The agent calls it from one thread, once an interval. It should answer within milliseconds: while it measures,
/// nothing else happens. What it throws is shown as its status; the other sensors go on, and it is asked again next
/// time.
public protocol Sensor {
  /// What people call it, unique in its agent: `thermal zone cpu-thermal`.
  var name: String { get }

  /// What it measures. May grow while it runs.
  var metrics: [Metric] { get }

  /// Measures.
  ///
  /// - Parameter moment: now.
  /// - Throws: `SensorError`, or an error whose description tells a reader what is wrong.
  mutating func read(at moment: Moment) throws -> [MetricReading]
}

import Logging
import MQTTBroker
import Synchronization

/// Names the devices that send metrics for which there is no series left, now and then rather than with each message.
final class SeriesFloodLog: Sendable {
  /// Between two lines about any device, in milliseconds.
  private static let interval: Int64 = 60_000

  private let next = Atomic<Int64>(.min)
  private let logger: Logger

  init(logger: Logger) { self.logger = logger }

  func noticed(_ device: String, at time: BrokerTime) {
    let due = next.load(ordering: .relaxed)
    guard time.monotonic >= due,
      next.compareExchange(expected: due, desired: time.monotonic + Self.interval, ordering: .relaxed).exchanged
    else { return }
    logger.warning(
      """
      device \(device) sends metrics that get no series: maximum-series-per-device or maximum-series is reached; \
      its other metrics, and other devices, are stored as before
      """)
  }
}

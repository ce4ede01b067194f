import MQTTBroker

/// The one clock of a run; only steps move it.
final class FuzzClock {
  private(set) var now = BrokerTime(monotonic: 1_000_000, wall: 1_700_000_000_000)

  func advance(milliseconds: Int64) {
    now.monotonic += milliseconds
    now.wall += milliseconds
  }
}

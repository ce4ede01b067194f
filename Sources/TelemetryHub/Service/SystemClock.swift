import Glibc
import MQTTBroker

/// The machine's clocks: the one place below which time is a parameter.
enum SystemClock {
  static func brokerTime() -> BrokerTime {
    BrokerTime(monotonic: milliseconds(of: CLOCK_BOOTTIME), wall: unixMilliseconds())
  }

  static func unixMilliseconds() -> Int64 { milliseconds(of: CLOCK_REALTIME) }

  private static func milliseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

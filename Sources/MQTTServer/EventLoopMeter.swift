import Glibc
import Synchronization

/// An event loop's load, written by the loop and read by whoever places connections.
final class EventLoopMeter: Sendable {
  private let connections = Atomic<Int>(0)
  /// In thousandths.
  private let busy = Atomic<Int>(0)
  /// The loop's CPU time and the time at the last measurement, in nanoseconds.
  private let lastBusy = Atomic<Int64>(0)
  private let lastTime = Atomic<Int64>(0)

  var load: EventLoopLoad {
    EventLoopLoad(
      connections: connections.load(ordering: .relaxed), busyShare: Double(busy.load(ordering: .relaxed)) / 1_000)
  }

  func connectionsChanged(by change: Int) { connections.add(change, ordering: .relaxed) }

  /// Takes the part of the time since the last call in which this thread worked. Call on the loop.
  func measure() {
    let busyTime = Self.nanoseconds(of: CLOCK_THREAD_CPUTIME_ID)
    let time = Self.nanoseconds(of: CLOCK_MONOTONIC)
    let worked = busyTime - lastBusy.exchange(busyTime, ordering: .relaxed)
    let passed = time - lastTime.exchange(time, ordering: .relaxed)
    if passed > 0 { busy.store(Int(clamping: worked * 1_000 / passed), ordering: .relaxed) }
  }

  private static func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

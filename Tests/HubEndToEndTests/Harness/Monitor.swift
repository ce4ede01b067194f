import Glibc

/// A value behind a lock, with waiting for a change of it.
final class Monitor<Value: Sendable>: @unchecked Sendable {
  // Unchecked: `value` is touched under `mutex` only.
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Reads or changes the value; whoever waits looks again.
  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return try body(&value)
  }

  /// Waits until `body` finds what it looks for; nil when the time is over first.
  func wait<Result>(within time: Duration, for body: (inout Value) -> Result?) -> Result? {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let nanoseconds = Int64(now.tv_nsec) + (time.wholeMilliseconds % 1_000) * 1_000_000
    var end = timespec(
      tv_sec: now.tv_sec + Int(time.wholeMilliseconds / 1_000) + Int(nanoseconds / 1_000_000_000),
      tv_nsec: Int(nanoseconds % 1_000_000_000))
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let found = body(&value) { return found }
      if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { return body(&value) }
    }
  }
}

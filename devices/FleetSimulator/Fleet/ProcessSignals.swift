import Glibc

/// Signals taken one by one by the main thread, so that no code runs inside a signal handler.
///
/// Event loops use SIGUSR1 to wake the main thread.
enum ProcessSignals {
  enum Wake {
    /// Ctrl-C, or a service manager's stop.
    case interrupted
    /// An event loop has something to tell.
    case notified
    case timedOut
  }

  private static var waitedFor: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in [SIGINT, SIGTERM, SIGUSR1] { sigaddset(&set, signal) }
    return set
  }

  /// To be called before any thread starts: threads inherit the blocked signals.
  static func block() {
    var set = waitedFor
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  static func notify() { kill(getpid(), SIGUSR1) }

  /// Sleeps until a signal comes, at most until `deadline` (nanoseconds of the monotonic clock).
  static func wait(until deadline: Int64) -> Wake {
    var set = waitedFor
    while true {
      let left = max(0, deadline - MonotonicClock.now())
      var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
      switch sigtimedwait(&set, nil, &time) {
      case SIGINT, SIGTERM: return .interrupted
      case SIGUSR1: return .notified
      default:
        if errno == EAGAIN { return .timedOut }
      }
    }
  }
}

internal import Glibc
internal import Synchronization

/// Where the signal handler writes; -1 before there is a `StopSignal`.
private let stopPipeWriter = Atomic<Int32>(-1)

/// SIGINT and SIGTERM as something to wait on, for the whole process.
package final class StopSignal: Sendable {
  /// Woken by both signals.
  package let pipe: WakePipe

  /// Takes over both signals.
  package init() throws(SystemError) {
    pipe = try WakePipe()
    stopPipeWriter.store(pipe.writer.number, ordering: .sequentiallyConsistent)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        WakePipe.wake(stopPipeWriter.load(ordering: .sequentiallyConsistent))
      }
      action.sa_flags = SA_RESTART
      guard sigaction(number, &action, nil) == 0 else { throw SystemError(operation: "watch for signals", code: errno) }
    }
  }

  deinit {
    // The handlers stay, and must not write to whatever file gets this number next.
    stopPipeWriter.store(-1, ordering: .sequentiallyConsistent)
  }
}

import Glibc

/// A thread that somebody waits for at the end.
///
/// `@unchecked`: joined once, by its one owner.
final class JoinableThread: @unchecked Sendable {
  private final class Work {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  private var thread = pthread_t()

  /// - Parameter name: what `top -H` shows; at most 15 bytes.
  init(name: String, _ body: @escaping @Sendable () -> Void) throws(DatabaseError) {
    let work = Unmanaged.passRetained(Work(name: name, body))
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        JoinableThread.name(work.name)
        work.body()
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw .system(operation: "start a thread", reason: SystemFailure.words(for: code))
    }
  }

  /// Names the calling thread.
  private static func name(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = name.withCString { write(file, $0, strlen($0)) }
    close(file)
  }

  func join() { pthread_join(thread, nil) }
}

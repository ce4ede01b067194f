import Glibc

/// Tells systemd how the service is doing; does nothing where systemd did not ask. (sd_notify(3))
struct SystemdNotifier: Sendable {
  /// Where systemd listens: a path, or a name in the abstract namespace that begins with `@`; `nil` where it does not.
  private let socketPath: String?

  /// How long systemd waits for a sign of life before it restarts the service; `nil` where it does not watch.
  let watchdogTimeout: Duration?

  /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
  ///
  /// - Parameter processID: this process; a watchdog meant for another one is not ours to feed. (sd_watchdog_enabled(3))
  init(environment: [String: String], processID: Int32 = getpid()) {
    socketPath = environment["NOTIFY_SOCKET"].flatMap { path in
      // Other forms, such as vsock:, are of use to virtual machines only.
      path.first == "/" || (path.first == "@" && path.utf8.count > 1) ? path : nil
    }
    let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(processID)" } ?? true
    watchdogTimeout = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
      .flatMap { isForUs && $0 > 0 ? .microseconds($0) : nil }
  }

  /// How often to call `watchdog()`: half of what systemd waits, as sd_watchdog_enabled(3) recommends.
  var watchdogInterval: Duration? { watchdogTimeout.map { $0 / 2 } }

  /// The service is up; `status` is what `systemctl status` shows.
  @discardableResult
  func ready(status: String) -> Bool { send("READY=1\nSTATUS=\(oneLine(status))") }

  /// The service is about to end.
  @discardableResult
  func stopping() -> Bool { send("STOPPING=1") }

  /// A sign of life; to be given only while the service really serves.
  @discardableResult
  func watchdog() -> Bool { send("WATCHDOG=1") }

  /// What the service is doing, for `systemctl status`.
  @discardableResult
  func status(_ text: String) -> Bool { send("STATUS=\(oneLine(text))") }

  /// Sends one datagram; `false` where systemd does not listen or could not be reached.
  private func send(_ state: String) -> Bool {
    guard let socketPath, var address = sockaddr_un(notificationPath: socketPath) else { return false }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }

    // An abstract name is as long as it is said to be, so the length must be exact. (unix(7))
    let prefix = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
    let terminator = socketPath.first == "@" ? 0 : 1
    let length = socklen_t(prefix + socketPath.utf8.count + terminator)
    let bytes = Array(state.utf8)
    let sent = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), generic, length)
      }
    }
    return sent == bytes.count
  }

  /// A line break would begin another assignment.
  private func oneLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
}

extension sockaddr_un {
  /// The address of a path or of an abstract name; `nil` where it is too long for the system.
  fileprivate init?(notificationPath path: String) {
    self.init()
    sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: sun_path)
    guard path.utf8.count < capacity else { return nil }
    withUnsafeMutableBytes(of: &sun_path) { $0.copyBytes(from: path.utf8) }
    // systemd writes the leading NUL of an abstract name as `@`.
    if path.first == "@" { sun_path.0 = 0 }
  }
}

internal import Glibc

/// Tells systemd how the service is (sd_notify(3)); says nothing where `NOTIFY_SOCKET` is not set.
package struct ServiceNotifier: Sendable {
  private let socketPath: String?
  /// How often systemd expects a sign of life; nil: not at all.
  package let watchdogInterval: Duration?

  package init(environment: [String: String], processIdentifier: Int32) {
    socketPath = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    let isForMe = environment["WATCHDOG_PID"].map { Int32($0) == processIdentifier } ?? true
    let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
    watchdogInterval = isForMe && microseconds > 0 ? .microseconds(microseconds) : nil
  }

  package func ready() { send("READY=1") }
  package func stopping() { send("STOPPING=1") }
  package func watchdog() { send("WATCHDOG=1") }
  package func status(_ text: String) { send("STATUS=\(text)") }

  /// Best effort: a service does not fail because nobody listens.
  private func send(_ state: String) {
    guard let socketPath else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = [UInt8](socketPath.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    // A leading "@" stands for the NUL of an abstract socket, whose name has no terminator.
    if bytes.first == 0x40 { address.sun_path.0 = 0 }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return }
    defer { close(number) }
    let message = [UInt8](state.utf8)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(number, message, message.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
  }
}

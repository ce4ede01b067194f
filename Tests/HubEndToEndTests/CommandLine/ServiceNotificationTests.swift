import Glibc
import Testing

/// What the hub tells systemd (sd_notify(3)).
@Suite struct ServiceNotificationTests {
  @Test func tellsItsStates() throws {
    let directory = try TemporaryDirectory()
    let supervisor = try NotificationSocket(path: "\(directory.path)/notify")
    let hub = try ChildProcess(
      Executables.hub,
      ["serve", "--mqtt-listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0", "--data-dir", directory.path],
      environment: ["NOTIFY_SOCKET": supervisor.path, "WATCHDOG_USEC": "400000"])
    var told: [Substring] = []
    func wait(for line: Substring) throws {
      while !told.contains(line) {
        told += try supervisor.receive(within: .seconds(20)).split(separator: "\n")
      }
      told.removeAll()
    }
    try wait(for: "READY=1")
    // It listens by then.
    try hub.waitForErrorLine("where it listens", within: .seconds(5)) { $0.contains("listening mqtt=") ? () : nil }
    // Signs of life in half the time, at most.
    for _ in 0..<3 { try wait(for: "WATCHDOG=1") }
    hub.send(signal: SIGTERM)
    try wait(for: "STOPPING=1")
    #expect(try hub.waitForEnd(within: .seconds(2)) == .exit(0))
  }
}

/// A datagram socket such as systemd's.
private final class NotificationSocket: Sendable {
  let path: String
  private let descriptor: Int32

  init(path: String) throws {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw HarnessError("too long: \(path)") }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = descriptor
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard code == 0 else { throw HarnessError("cannot bind \(path)") }
  }

  deinit { close(descriptor) }

  func receive(within time: Duration) throws -> String {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, Deadline(time).remaining) == 1 else { throw HarnessError("no notification") }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}

import DeviceAgentKit
import Glibc
import Testing

@Suite("Telling systemd")
struct ServiceNotifierTests {
  /// A socket such as systemd's.
  private static func listen(_ address: String) -> FileDescriptor {
    let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(address.utf8)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
    if address.hasPrefix("@") { name.sun_path.0 = 0 }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let status = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, length) }
    }
    #expect(status == 0)
    return FileDescriptor(owning: number)
  }

  private static func receive(_ socket: FileDescriptor) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = recv(socket.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }

  @Test("Through a path and through an abstract name")
  func send() {
    let directory = TestDirectory()
    for address in [directory.file("notify"), "@telemetry-agent-test-\(getpid())"] {
      let socket = Self.listen(address)
      let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": address], processIdentifier: 1)
      notifier.ready()
      notifier.watchdog()
      notifier.status("fine")
      notifier.stopping()
      #expect((0..<4).map { _ in Self.receive(socket) } == ["READY=1", "WATCHDOG=1", "STATUS=fine", "STOPPING=1"])
    }
  }

  @Test("Nobody listens, or the address is none: nothing happens")
  func nobody() {
    for address in ["", "relative", "/no/such/socket", "@" + String(repeating: "x", count: 200)] {
      ServiceNotifier(environment: ["NOTIFY_SOCKET": address], processIdentifier: 1).ready()
    }
  }

  static let intervals: [([String: String], Duration?)] = [
    ([:], nil), (["WATCHDOG_USEC": "30000000"], .seconds(30)), (["WATCHDOG_USEC": "x"], nil),
    (["WATCHDOG_USEC": "0"], nil),
    (["WATCHDOG_USEC": "5", "WATCHDOG_PID": "42"], .microseconds(5)),
    (["WATCHDOG_USEC": "5", "WATCHDOG_PID": "43"], nil),
    (["WATCHDOG_USEC": "5", "WATCHDOG_PID": ""], nil),
  ]

  @Test("The watchdog's interval", arguments: intervals)
  func watchdog(_ row: (environment: [String: String], interval: Duration?)) {
    #expect(ServiceNotifier(environment: row.environment, processIdentifier: 42).watchdogInterval == row.interval)
  }
}

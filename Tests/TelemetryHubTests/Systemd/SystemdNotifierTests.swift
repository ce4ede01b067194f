import Glibc
import Testing

@testable import TelemetryHub

@Suite struct SystemdNotifierTests {
  @Test(arguments: [false, true])
  func stateArrivesAsOneDatagram(isAbstract: Bool) throws {
    let name = "telemetry-hub-notify-\(getpid())-\(isAbstract)"
    let listener = try DatagramListener(name: isAbstract ? "@\(name)" : "/tmp/\(name)")
    let notifier = SystemdNotifier(environment: ["NOTIFY_SOCKET": listener.name])

    #expect(notifier.ready(status: "mqtt=127.0.0.1:1883\nREADY=0"))
    #expect(listener.receive() == "READY=1\nSTATUS=mqtt=127.0.0.1:1883 READY=0")
    #expect(notifier.watchdog())
    #expect(listener.receive() == "WATCHDOG=1")
    #expect(notifier.status("10 devices"))
    #expect(listener.receive() == "STATUS=10 devices")
    #expect(notifier.stopping())
    #expect(listener.receive() == "STOPPING=1")
  }

  @Test(arguments: [
    nil, "", "@", "relative", "vsock:2:1234", "/nonexistent/notify", "/" + String(repeating: "x", count: 200),
  ])
  func nobodyListeningIsNoError(path: String?) {
    let notifier = SystemdNotifier(environment: path.map { ["NOTIFY_SOCKET": $0] } ?? [:])
    #expect(!notifier.ready(status: ""))
    #expect(!notifier.watchdog())
  }

  @Test(
    arguments: [
      ([:], nil), (["WATCHDOG_USEC": "30000000"], 15_000),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], 15_000),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "0"], nil),
      (["WATCHDOG_USEC": "-5"], nil), (["WATCHDOG_USEC": "soon"], nil),
      (["WATCHDOG_USEC": "99999999999999999999"], nil),
      (["WATCHDOG_USEC": "9223372036854775807"], 4_611_686_018_427_387),
    ] as [([String: String], Int?)])
  func theWatchdogIsFedTwiceInItsTime(environment: [String: String], milliseconds: Int?) {
    let notifier = SystemdNotifier(environment: environment, processID: 7)
    let interval = notifier.watchdogInterval
    #expect(
      interval.map { Int($0.components.seconds) * 1_000 + Int($0.components.attoseconds / 1_000_000_000_000_000) }
        == milliseconds)
  }
}

/// systemd's half: a bound datagram socket.
private struct DatagramListener: ~Copyable {
  let name: String
  private let descriptor: Int32

  init(name: String) throws {
    self.name = name
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    try #require(descriptor >= 0)
    if name.first == "/" { unlink(name) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
    var length = socklen_t(MemoryLayout<sockaddr_un>.size)
    if name.first == "@" {
      address.sun_path.0 = 0
      length = socklen_t(2 + name.utf8.count)
    }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    try #require(bound == 0)
  }

  deinit {
    close(descriptor)
    if name.first == "/" { unlink(name) }
  }

  /// The next datagram; `nil` where none waits.
  func receive() -> String? {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }
}

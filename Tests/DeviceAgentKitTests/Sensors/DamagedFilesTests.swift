import DeviceAgentKit
import Glibc
import Testing

@Suite("Files that are missing, unreadable, garbage, negative, overflowing or never answer")
struct DamagedFilesTests {
  /// One file, what is wrong with it, and the sensor that must say so.
  struct Case: Sendable, CustomTestStringConvertible {
    var path: String
    var content: String
    var sensor: String
    var testDescription: String { "\(path): \(content.prefix(30))" }
  }

  static let zone = "/sys/class/thermal/thermal_zone0/temp"

  static let cases: [Case] = [
    Case(path: zone, content: "", sensor: "temperature cpu-thermal"),
    Case(path: zone, content: "hot\n", sensor: "temperature cpu-thermal"),
    Case(path: zone, content: "48199 48200\n", sensor: "temperature cpu-thermal"),
    Case(path: zone, content: "-274000\n", sensor: "temperature cpu-thermal"),
    Case(path: zone, content: "1000000\n", sensor: "temperature cpu-thermal"),
    Case(path: zone, content: "9223372036854775807\n", sensor: "temperature cpu-thermal"),
    Case(path: zone, content: "-9223372036854775808\n", sensor: "temperature cpu-thermal"),
    Case(path: zone, content: "9223372036854775808\n", sensor: "temperature cpu-thermal"),
    Case(path: zone, content: "\0\0\0\0", sensor: "temperature cpu-thermal"),
    Case(path: "/proc/stat", content: "", sensor: "processor load"),
    Case(path: "/proc/stat", content: "cpu\n", sensor: "processor load"),
    Case(path: "/proc/stat", content: "cpu 1 2 3\n", sensor: "processor load"),
    Case(path: "/proc/stat", content: "cpu 1 2 3 x 5\n", sensor: "processor load"),
    Case(path: "/proc/stat", content: "cpu -1 2 3 4 5\n", sensor: "processor load"),
    Case(path: "/proc/stat", content: "cpu0 1 2 3 4 5\n", sensor: "processor load"),
    Case(
      path: "/proc/stat", content: "cpu 18446744073709551615 18446744073709551615 3 4 5\n", sensor: "processor load"),
    Case(
      path: "/proc/stat", content: "cpu 0 0 0 18446744073709551615 18446744073709551615\n", sensor: "processor load"),
    Case(path: "/proc/stat", content: "cpu 99999999999999999999 2 3 4\n", sensor: "processor load"),
    Case(path: "/proc/loadavg", content: "0.1 0.2\n", sensor: "load average"),
    Case(path: "/proc/loadavg", content: "nan 0.2 0.3 1/1 1\n", sensor: "load average"),
    Case(path: "/proc/loadavg", content: "-1 0.2 0.3 1/1 1\n", sensor: "load average"),
    Case(path: "/proc/loadavg", content: "1e999 0.2 0.3 1/1 1\n", sensor: "load average"),
    Case(path: "/proc/uptime", content: "\n", sensor: "uptime"),
    Case(path: "/proc/uptime", content: "-5 1\n", sensor: "uptime"),
    Case(path: "/proc/uptime", content: "inf 1\n", sensor: "uptime"),
    Case(path: "/proc/meminfo", content: "MemTotal: 100 kB\n", sensor: "memory"),
    Case(path: "/proc/meminfo", content: "MemTotal: 100 kB\nMemAvailable: 200 kB\n", sensor: "memory"),
    Case(path: "/proc/meminfo", content: "MemTotal: 0 kB\nMemAvailable: 0 kB\n", sensor: "memory"),
    Case(path: "/proc/meminfo", content: "MemTotal: -5 kB\nMemAvailable: -6 kB\n", sensor: "memory"),
    Case(
      path: "/proc/meminfo", content: "MemTotal: 9223372036854775807 kB\nMemAvailable: 5 kB\n", sensor: "memory"),
    Case(path: "/proc/net/dev", content: "a\nb\neth0 1 2\n", sensor: "network"),
    Case(path: "/proc/net/dev", content: "a\nb\neth0: 1 2 3\n", sensor: "network"),
    Case(path: "/proc/net/dev", content: "a\nb\neth0: x 0 0 0 0 0 0 0 1 0\n", sensor: "network"),
    Case(path: "/proc/net/dev", content: "a\nb\neth0: -1 0 0 0 0 0 0 0 1 0\n", sensor: "network"),
  ]

  @Test("One damaged file costs its own sensor, says why, and heals", arguments: cases)
  func damaged(_ damage: Case) {
    let board = TestBoard.raspberryPi4()
    var suite = SensorSuite(BuiltInSensors.discover(board.files, isSingleReading: true))
    let before = suite.descriptions.count
    let good = board.directory.read(String(damage.path.dropFirst())) ?? []
    board.write(damage.content, damage.path)
    let round = suite.read { .start }
    #expect(Set(suite.failures.keys) == [damage.sensor])
    #expect(round.changes.count == 1)
    #expect(suite.descriptions.count == before)
    let others = Set(round.groups.flatMap(\.readings).map { $0.metric.prefix { $0 != "." } })
    #expect(others.count >= 6)
    // The same failure is not told again; its end is.
    #expect(suite.read { .start }.changes.isEmpty)
    board.write(good, damage.path)
    let healed = suite.read { .start }
    #expect(suite.failures.isEmpty)
    #expect(healed.changes.count == 1 && healed.changes.first?.failure == nil)
  }

  @Test("What is not a file is refused at once, and never waited for", arguments: ["/proc/uptime", zone])
  func notAFile(_ path: String) {
    let board = TestBoard.raspberryPi4()
    board.makeFIFO(path)
    #expect(throws: SensorError.unexpected(path: path, content: "(not a regular file)")) { try board.files.text(path) }
    board.makeDirectory(path)
    #expect(throws: SensorError.unexpected(path: path, content: "(not a regular file)")) { try board.files.text(path) }
    board.delete(path)
    #expect(throws: SensorError.missing(path: path)) { try board.files.text(path) }
  }

  @Test("A file without permission is unreadable", .enabled(if: getuid() != 0, "root may read everything"))
  func permission() {
    let board = TestBoard()
    chmod(board.directory.file("proc/uptime"), 0)
    #expect(throws: SensorError.unreadable(path: "/proc/uptime", code: EACCES)) { try board.files.text("/proc/uptime") }
  }

  @Test("Only the start of an endless file is read")
  func endless() throws {
    let board = TestBoard()
    board.write([UInt8](repeating: UInt8(ascii: "1"), count: 1 << 20), "/proc/uptime")
    #expect(try board.files.text("/proc/uptime").utf8.count == AgentLimits.sensorFileBytes)
  }

  @Test("Random bytes in every file: nothing traps, whatever is read is finite")
  func random() {
    var random = SplitMix64(seed: 7)
    let paths = ["/proc/stat", "/proc/loadavg", "/proc/uptime", "/proc/meminfo", "/proc/net/dev", Self.zone]
    let alphabet = Array("0123456789-+.eE: \n\tcpukBMemTotalAvailableeth\0\u{FF}".utf8)
    let board = TestBoard.raspberryPi4()
    let good = paths.map { board.directory.read(String($0.dropFirst())) ?? [] }
    for _ in 0..<200 {
      for (path, good) in zip(paths, good) {
        var bytes = good
        for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
          let index = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<3, using: &random) {
          case 0: bytes[index] = alphabet.randomElement(using: &random) ?? 0
          case 1: bytes.remove(at: index)
          default: bytes.insert(UInt8(ascii: "9"), at: index)
          }
        }
        board.write(bytes, path)
      }
      var suite = SensorSuite(BuiltInSensors.discover(board.files, isSingleReading: true))
      for reading in suite.read(clock: { .start }).groups.flatMap(\.readings) {
        if case .number(let value) = reading.value { #expect(value.isFinite) }
      }
    }
  }
}

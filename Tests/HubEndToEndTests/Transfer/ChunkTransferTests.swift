import DeviceAgentKit
import Glibc
import MQTTProtocol
import Testing

/// Export, import and backup of readings that only the file has, in chunks: memory holds the newest few.
@Suite struct ChunkTransferTests {
  private static let options = ["--journal", "64KiB", "--memory", "1MiB"]
  private static let count = 1_600
  private static let devices = 20

  /// Readings of one device a second apart, which take the room that they can take.
  private static func lines(_ device: Int, _ numbers: Range<Int>, from start: Int64) -> [String] {
    var random = SeededGenerator(seed: UInt64(device))
    return numbers.map { number in
      let value: String
      switch number % 16 {
      case 0..<4: value = "text,\"\"\"\(number)\"\", \(String(repeating: "\(random.next())", count: 10))\""
      case 4: value = "boolean,\(number % 32 == 4)"
      default: value = "number,\(Double.random(in: -1_000...1_000, using: &random))"
      }
      return "\(start + Int64(number) * 1_000),d\(device),m,\(value)"
    }
  }

  /// A file of all devices' readings, the latter half of each before the former: late ones of what memory has given up.
  private static let sample: String = {
    let start = WallClock.unixMilliseconds() - 10 * 86_400_000
    let halves = [count / 2..<count, 0..<count / 2]
    let all = halves.flatMap { half in (0..<devices).flatMap { lines($0, half, from: start) } }
    return (["time,device,metric,kind,value"] + all).joined(separator: "\n")
  }()

  /// What a hub exports whose memory has them all.
  private static let expected: [UInt8] = {
    guard let hub = try? HubProcess(["--memory", "256MiB"]),
      let file = try? hub.directory.write(sample.utf8, to: "in.csv"),
      (try? hub.command("import", file))?.ending == .exit(0), let outcome = try? hub.command("export")
    else { return [] }
    return outcome.output
  }()

  /// Before it starts a hub of its own: at most a few run at once.
  init() throws {
    try #require(Self.expected.split(separator: UInt8(ascii: "\n")).count == Self.count * Self.devices + 1)
  }

  private static func fill(_ hub: HubProcess) throws {
    let outcome = try hub.command("import", hub.directory.write(sample.utf8, to: "in.csv"))
    #expect(outcome.ending == .exit(0) && outcome.errors.contains("\(count * devices) readings, 0 refused"))
    try eventually("most readings lie in chunks", within: .seconds(30)) {
      try hub.metric("telemetry_hub_journal_bytes") ?? .infinity < 64 * 1_024
    }
    let held = try hub.metric("telemetry_hub_readings_stored") ?? .infinity
    #expect(held < Double(count * devices) * 0.9, "memory has not all")
  }

  private static func expectSame(
    _ outcome: Outcome, _ expected: [UInt8] = expected, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.ending == .exit(0), "\(outcome.errors)", sourceLocation: sourceLocation)
    let isSame = outcome.output == expected
    #expect(isSame, "\(outcome.output.count) bytes, not \(expected.count)", sourceLocation: sourceLocation)
  }

  private static func expected(of device: String) -> [UInt8] {
    let lines = String(decoding: expected, as: UTF8.self).split(separator: "\n")
    return Array(lines.filter { $0.contains(",\(device),") || $0.hasPrefix("time,") }.map { $0 + "\n" }.joined().utf8)
  }

  @Test func anExportHasWhatOnlyTheFileHas() throws {
    let lives = try HubLives(Self.options)
    try lives.untilKilled { hub in
      try Self.fill(hub)
      Self.expectSame(try hub.command("export"))
      Self.expectSame(try hub.command("export", "--device", "d7"), Self.expected(of: "d7"))
    }
    // The stopped hub says the same, and another one that imports it.
    let outcome = try hubCommand("export", [], lives.directory)
    Self.expectSame(outcome)
    let file = try lives.directory.write(outcome.output, to: "exported.csv")
    let second = try HubProcess(Self.options)
    #expect(try second.command("import", file).ending == .exit(0))
    Self.expectSame(try second.command("export"))
    second.stop()
  }

  @Test func aBackupHasWhatOnlyTheFileHas() throws {
    let lives = try HubLives(Self.options)
    let files = try TemporaryDirectory()
    try lives.untilKilled { hub in
      try Self.fill(hub)
      let outcome = try hub.command("backup", files.path + "/copy.db")
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      // What comes later is not in it.
      #expect(try hub.http("POST", "/v1/devices/late/telemetry", #"{"m":1}"#).status == 204)
    }
    let restored = try TemporaryDirectory()
    #expect(rename(files.path + "/copy.db", restored.path + "/hub.db") == 0)
    let hub = try HubProcess(Self.options, directory: restored)
    Self.expectSame(try hub.command("export"))
    // And goes on as a hub of its own.
    #expect(try hub.http("POST", "/v1/devices/d7/telemetry", #"{"m":1}"#).status == 204)
    #expect(try hub.latest("d7", "m")?.number == 1)
    hub.stop()
  }

  /// An export takes its time: what is moved and evicted meanwhile is in it once.
  @Test func anExportUnderLoadHasEveryReadingOnce() throws {
    let lives = try HubLives(Self.options)
    try lives.untilStopped { hub in
      try Self.fill(hub)
      let stop = Monitor(false)
      let done = Monitor(false)
      let port = hub.mqttPort
      BackgroundThread.start {
        defer { done.withLock { $0 = true } }
        guard let peer = try? MQTTPeer.connected(port, "busy") else { return }
        var random = SeededGenerator(seed: 1)
        while !stop.withLock({ $0 }) {
          let values = (0..<200).map { "\"m\($0)\":\(Double.random(in: 0...1, using: &random))" }
          let payload = "{\(values.joined(separator: ","))}"
          guard (try? peer.publish("v1/devices/me/telemetry", payload)) == .success else { return }
        }
      }
      for _ in 0..<3 { Self.expectSame(try hub.command("export", "--device", "d*")) }
      stop.withLock { $0 = true }
      #expect(done.wait(within: .seconds(10)) { $0 ? () : nil } != nil)
      #expect(try hub.metric("telemetry_hub_disk_damaged_rows_total") == 0)
    }
  }
}

import Glibc
import MQTTProtocol
import Testing

/// `telemetry-hub backup`: a file that a hub starts from.
@Suite struct BackupTests {
  @Test func holdsWhatWasAcknowledgedBefore() throws {
    let files = try TemporaryDirectory()
    let copy = files.path + "/copy.db"
    var acknowledged = 0
    try withHub { hub in
      let file = try hub.directory.write(sampleReadings(1_000).utf8, to: "in.csv")
      #expect(try hub.command("import", file).ending == .exit(0))
      let stop = Monitor(false)
      let count = Monitor(0)
      let done = Monitor(false)
      BackgroundThread.start {
        guard let peer = try? MQTTPeer.connected(hub.mqttPort, "busy") else { return }
        var number = 0
        while !stop.withLock({ $0 }) {
          number += 1
          guard (try? peer.publish("v1/devices/busy/telemetry", "{\"n\":\(number)}")) == .success else { break }
          count.withLock { $0 = number }
        }
        done.withLock { $0 = true }
      }
      eventually("some readings") { count.withLock { $0 } > 200 }
      acknowledged = count.withLock { $0 }
      let outcome = try hub.command("backup", copy, "--progress")
      #expect(outcome.ending == .exit(0) && outcome.errors.contains("saved"), "\(outcome.errors)")
      stop.withLock { $0 = true }
      _ = done.wait(within: .seconds(10)) { $0 ? true : nil }
      #expect(count.withLock { $0 } > acknowledged, "it was under load")
      #expect(access(hub.directory.path + "/hub.db.backup", F_OK) != 0)
    }
    var status = stat()
    #expect(stat(copy, &status) == 0 && status.st_mode & 0o777 == 0o600)
    let restored = try TemporaryDirectory()
    #expect(rename(copy, restored.path + "/hub.db") == 0)
    let hub = try HubProcess(directory: restored)
    let lines = try hub.command("export", "--device", "busy").lines.dropFirst()
    #expect(lines.count >= acknowledged)
    let numbers = lines.map { Int($0.split(separator: ",").last ?? "") ?? 0 }
    #expect(numbers.prefix(acknowledged).elementsEqual(1...acknowledged))
    #expect(try hub.command("export", "--device", "porch").lines.count == 2_001)
    hub.stop()
  }

  @Test func noRoomIsSaid() throws {
    try withHub { hub in
      let file = try hub.directory.write(sampleReadings(300).utf8, to: "in.csv")
      #expect(try hub.command("import", file).ending == .exit(0))
      let outcome = try hub.command("backup", "/dev/full")
      #expect(outcome.ending == .exit(73) && outcome.errors.contains("/dev/full"), "\(outcome.errors)")
    }
  }
}

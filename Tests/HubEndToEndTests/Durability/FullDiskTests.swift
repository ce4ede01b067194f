import DeviceAgentKit
import Glibc
import MQTTProtocol
import Testing

/// A hub whose disk fills up: it waits with acknowledgements, says why, answers queries, and goes on when there is room.
@Suite struct FullDiskTests {
  /// A small file system of its own over the hub's directory, with a file that takes up the rest of it.
  private static func launcher(_ directory: TemporaryDirectory) -> [String] {
    let script = """
      mount -t tmpfs -o size=2m hub "$0" && head -c 600000 /dev/zero >"$0/filler" && exec "$@"
      """
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", script, directory.path]
  }

  /// Not every machine lets its users mount in a namespace of their own.
  static let canMount: Bool = {
    guard let directory = try? TemporaryDirectory(),
      let outcome = try? ChildProcess(launcher(directory)[0], Array(launcher(directory).dropFirst()) + ["true"])
        .waitForEnd(within: .seconds(10))
    else { return false }
    return outcome == .exit(0)
  }()

  @Test(.enabled(if: canMount, "no mount namespaces here")) func acknowledgementsWaitForRoom() throws {
    let directory = try TemporaryDirectory()
    let hub = try HubProcess(directory: directory, launcher: Self.launcher(directory))
    let peer = try MQTTPeer.connected(hub.mqttPort, version: .v5, "kitchen")
    var sent = 0
    var acknowledged = 0
    // Until the disk is full: one acknowledgement does not come.
    var owed = false
    let start = WallClock.unixMilliseconds() - 86_400_000
    while !owed {
      for _ in 0..<50 {
        let text = String(repeating: "x", count: 200)
        let payload = #"{"ts":\#(start + Int64(sent)),"values":{"number":\#(sent),"text":"\#(text)\#(sent)"}}"#
        peer.send(
          .publish(
            PublishPacket(
              topic: Array("v1/devices/me/telemetry".utf8), payload: Array(payload.utf8), qos: .atLeastOnce,
              packetIdentifier: peer.nextIdentifier())))
        sent += 1
      }
      do {
        while acknowledged < sent {
          let code = try peer.expect("PUBACK", within: .seconds(2)) { packet in
            if case .puback(let puback) = packet { puback.reasonCode } else { nil }
          }
          #expect(!code.isError)
          acknowledged += 1
        }
      } catch {
        owed = true
      }
      try #require(sent < 50_000, "2 MiB do not fill up")
    }
    #expect(acknowledged > 1_000)

    let ready = try hub.http("GET", "/readyz")
    #expect(ready.status == 503)
    #expect(ready.text.contains("full"), "\(ready.text)")
    #expect(try hub.latest("kitchen", "number") != nil)
    #expect(try hub.metric("telemetry_hub_commits_failed_total") ?? 0 > 0)

    #expect(unlink("/proc/\(hub.process.pid)/root\(directory.path)/filler") == 0)
    while acknowledged < sent {
      let code = try peer.expect("PUBACK") { packet in
        if case .puback(let puback) = packet { puback.reasonCode } else { nil }
      }
      #expect(!code.isError)
      acknowledged += 1
    }
    #expect(try hub.http("GET", "/readyz").status == 200)
    let stored = try hub.json(
      "/v1/readings?device=kitchen&metric=number&from=\(start)&limit=100000&format=columns")
    let numbers = stored.elements.first?["value"]?.elements.compactMap(\.number) ?? []
    #expect(numbers == (0..<sent).map { Double($0) })
    hub.stop()
  }
}

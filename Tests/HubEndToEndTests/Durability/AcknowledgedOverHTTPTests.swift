import DeviceAgentKit
import MQTTProtocol
import Testing

/// 204 means that it is durable, as PUBACK does: a kill right behind the answer loses nothing.
@Suite struct AcknowledgedOverHTTPTests {
  @Test func postedReadingsSurviveTheKillBehindTheAnswer() throws {
    // An interval would keep the answer back, not the reading out of the file.
    let lives = try HubLives(["--commit-interval", "50ms"])
    let start = WallClock.unixMilliseconds() - 3_600_000
    for round in 0..<6 {
      try lives.untilKilled { hub in
        if round > 0 {
          let values = try hub.json("/v1/readings?device=shed&metric=n&from=\(start)&format=columns&limit=1000")
          let found = values.elements.first?["value"]?.elements.compactMap(\.number) ?? []
          #expect(found == (0..<round * 5).map { Double($0) })
        }
        for number in round * 5..<round * 5 + 5 {
          let answer = try hub.http(
            "POST", "/v1/devices/shed/telemetry",
            #"{"ts":\#(start + Int64(number) * 1_000),"values":{"n":\#(number)}}"#)
          #expect(answer.status == 204)
        }
      }
    }
  }

  /// What a start found is said in one line.
  @Test func theStartSaysWhatItRestored() throws {
    let lives = try HubLives()
    try lives.untilKilled { hub in
      #expect(hub.process.errors.contains("restored 0 series, 0 readings in chunks, 0 in the journal, 0 sessions, "))
      let (peer, _) = try MQTTPeer.resumed(hub.mqttPort, "porch")
      try peer.subscribe("log")
      #expect(try peer.publish("v1/devices/me/telemetry", #"{"temperature":20.5,"open":true}"#) == .success)
      #expect(try peer.publish("v1/devices/me/telemetry", #"{"temperature":20.6}"#) == .success)
      #expect(try peer.publish("state", "on", retain: true) == .success)
    }
    try lives.untilStopped { hub in
      let lines = hub.process.errors.split(separator: "\n").filter { $0.contains("restored ") }
      #expect(lines.count == 1)
      let words = "restored 2 series, 0 readings in chunks, 3 in the journal, 1 sessions, 1 retained messages in "
      #expect(lines.first?.contains(words) == true && lines.first?.hasSuffix(" ms") == true, "\(lines)")
    }
  }
}

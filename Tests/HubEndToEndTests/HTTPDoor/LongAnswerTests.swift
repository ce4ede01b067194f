import MQTTProtocol
import Testing

/// A million points: streamed in bounded memory, to fast readers and to slow ones.
@Suite struct LongAnswerTests {
  private static let mebibyte = 1 << 20
  private static let points = 1_000_000

  @Test func streamsAMillionPoints() throws {
    try withHub { hub in
      let start = try fill(hub)
      let path = "/v1/readings?device=big&from=\(start)&to=\(start + 10_000_000)&limit=1000000&format=csv"
      let neighbour = try Neighbour(hub)

      // Two who ask and do not read.
      let deaf = try (0..<2).map { _ in try TCPConnection(port: hub.httpPort, receiveBuffer: 4_096) }
      try hub.resetPeak()
      let before = try hub.residentBytes()
      for socket in deaf { socket.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8) }
      try neighbour.expectToBeServed(1)

      // One who reads, and counts the lines.
      let reader = try TCPConnection(port: hub.httpPort)
      reader.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
      let deadline = Deadline(.seconds(90))
      var rows = 0
      var round = 1
      while true {
        let some = try reader.receive(upTo: 1 << 20, before: deadline)
        if some.isEmpty { break }
        rows += some.count { $0 == UInt8(ascii: "n") }
        if rows > round * 250_000 {
          round += 1
          try neighbour.expectToBeServed(round)
        }
      }
      // Each row names the device's one-letter metric prefix once; the rest of the answer has no n but in its head.
      #expect((Self.points...Self.points + 50).contains(rows))
      let growth = try hub.peakResidentBytes() - before
      #expect(growth < 16 * Self.mebibyte, "grew by \(growth / Self.mebibyte) MiB")
      try neighbour.expectToBeServed(99)
      withExtendedLifetime(deaf) {}
    }
  }

  /// Stores the points, 1,000 series of 1,000 readings, and returns the time of the first.
  private func fill(_ hub: HubProcess) throws -> Int64 {
    let start = WallClock.unixMilliseconds() / 1_000 * 1_000 - 3_600_000
    let publisher = try MQTTPeer.connected(hub.mqttPort, "big")
    let values = "[" + Array(repeating: "1", count: 1_000).joined(separator: ",") + "]"
    for batch in 0..<100 {
      let objects = (0..<10).map { #"{"ts":\#(start + Int64(batch * 10 + $0) * 1_000),"n":\#(values)}"# }
      let code = try publisher.publish("v1/devices/me/telemetry", "[\(objects.joined(separator: ","))]")
      #expect(code == .success)
    }
    #expect(try hub.metric("telemetry_hub_readings_stored") == Double(Self.points))
    return start
  }
}

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import HTTPAPI

/// Answers larger than any buffer, over real connections.
@Suite(.serialized) struct LongAnswerTests {
  private static let points = 1_000_000

  @Test func aMillionPointsStreamInBoundedMemory() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: Self.points, step: 1) { Double($0 % 997) / 8 }
    try await hub.application().test(.live) { client in
      let port = try #require(client.port)
      let (lines, bytes, growth) = try await RawConnection.with(port: port) { writer, reader in
        try await writer.send(
          "GET /v1/readings?device=pi&limit=1000000&format=csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        let before = ResidentMemory.bytes
        var peak = before
        var lines = 0
        var bytes = 0
        while let buffer = try await reader.next() {
          bytes += buffer.readableBytes
          buffer.withUnsafeReadableBytes { part in for byte in part where byte == 0x0A { lines += 1 } }
          peak = max(peak, ResidentMemory.bytes)
        }
        return (lines, bytes, peak - before)
      }
      // Besides the rows: the header of the table, and the lines of HTTP's own chunks.
      #expect(lines > Self.points)
      #expect(bytes > 35 * Self.points)
      #expect(growth < 8 << 20)
    }
  }

  @Test func aReaderWhoStopsHoldsUpNobody() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 300_000, step: 1)
    try await hub.application().test(.live) { client in
      let port = try #require(client.port)
      try await RawConnection.with(port: port) { writer, reader in
        try await writer.send("GET /v1/readings?limit=1000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let first = try await reader.next()
        #expect(first.map { String(buffer: $0).hasPrefix("HTTP/1.1 200 OK\r\n") } == true)
        // From here on it reads no more; the others are answered.
        let before = ResidentMemory.bytes
        for _ in 0..<50 { #expect(try await client.get("/v1/latest").status == .ok) }
        #expect(ResidentMemory.bytes - before < 8 << 20)
      }
    }
  }
}

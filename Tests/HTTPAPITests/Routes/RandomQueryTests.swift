import DeviceManagement
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import HTTPAPI

/// Whatever is asked, the answer is an answer or a problem that says what was wrong.
@Suite struct RandomQueryTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private static let names = [
    "device", "metric", "from", "to", "every", "agg", "limit", "cursor", "format", "wait", "tz", "",
  ]
  private static let values = [
    "", "pi", "*", "?", "a,b", "-1h", "now", "-9223372036854775808d", "9223372036854775807", "-9223372036854775808",
    "1e308", "nan", "2026-11-22T10:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "0", "-1", "1ms", "1d",
    "9999999w", "mean", "count", "json", "csv", "columns", "%2a", "%", "%00", "%f0%9f%98%80", "pi/x", "1/pi/x", "UTC",
    "-9223372036854775808/pi/x", "a&b", "=", "10s",
  ]
  private static let paths = [
    "/v1/devices", "/v1/devices/pi", "/v1/devices/%2e", "/v1/latest", "/v1/readings", "/v1/devices/pi/commands",
    "/v1/commands/x", "/v1/dead-letters", "/metrics", "/", "/%", "//", "/v1/readings/",
  ]

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func neverFails(seed: UInt64) async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 100)
    var requests: [String] = []
    var random = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15)
    for _ in 0..<500 {
      let pairs = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
        "\(Self.names.randomElement(using: &random) ?? "")=\(Self.values.randomElement(using: &random) ?? "")"
      }
      requests.append("\(Self.paths.randomElement(using: &random) ?? "/")?\(pairs.joined(separator: "&"))")
    }
    try await hub.application().test(.router) { [requests] client in
      for uri in requests {
        let response = try await client.get(uri)
        #expect(response.status.code < 500, "\(uri)")
        guard response.status.code >= 400 else { continue }
        #expect(response.headers[.contentType] == "application/problem+json")
        #expect(try response.json["detail"]?.text?.isEmpty == false, "\(uri)")
      }
    }
  }
}

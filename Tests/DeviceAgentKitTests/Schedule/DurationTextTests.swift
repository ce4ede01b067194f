import DeviceAgentKit
import Testing

@Suite("Durations as texts")
struct DurationTextTests {
  static let good: [(String, Duration)] = [
    ("500ms", .milliseconds(500)), ("1s", .seconds(1)), ("0.5s", .milliseconds(500)), ("5m", .seconds(300)),
    ("2h", .seconds(7200)), ("1d", .seconds(86_400)), ("0s", .zero), ("1.5m", .seconds(90)),
  ]

  @Test("Read", arguments: good)
  func read(_ row: (text: String, duration: Duration)) { #expect(Duration(text: row.text) == row.duration) }

  @Test(
    "Refused",
    arguments: [
      "", "s", "ms", "1", "-1s", "+1s", "1 s", " 1s", "1s ", "1e3s", "nans", "infs", "0x10s", "1.2.3s", "1S", "1sec",
      "99999999999999999999d", "1٠s",
    ])
  func refused(_ text: String) { #expect(Duration(text: text) == nil) }

  @Test("What is written is read back")
  func roundTrip() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<2000 {
      let duration = Duration.milliseconds(Int64.random(in: 0...200_000_000, using: &random))
      #expect(Duration(text: duration.text) == duration, "\(duration.text)")
    }
    #expect(Duration.seconds(90).text == "90s")
    #expect(Duration.seconds(3600).text == "1h")
    #expect(Duration.milliseconds(1500).text == "1500ms")
  }
}

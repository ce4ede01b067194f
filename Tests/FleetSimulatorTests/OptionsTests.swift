import MQTTProtocol
import Testing

@testable import FleetSimulator

@Suite struct OptionsTests {
  @Test(
    "Hub addresses",
    arguments: [
      ("127.0.0.1:1884", HubAddress(host: "127.0.0.1", port: 1884)),
      ("hub.example", HubAddress(host: "hub.example", port: 1883)),
      ("[::1]:99", HubAddress(host: "::1", port: 99)), ("[::1]", HubAddress(host: "::1", port: 1883)),
      ("host:0", nil), ("host:65536", nil), ("host:x", nil), (":1883", nil), ("[::1", nil), ("[::1]x", nil), ("", nil),
    ] as [(String, HubAddress?)])
  func addresses(text: String, expected: HubAddress?) {
    #expect(HubAddress(argument: text) == expected)
  }

  @Test(
    "Durations",
    arguments: [
      ("500ms", 500_000_000), ("10s", 10_000_000_000), ("1.5m", 90_000_000_000), ("1h", 3_600_000_000_000),
      ("7", 7_000_000_000), ("0s", nil), ("-1s", nil), ("s", nil), ("nan", nil), ("1e300", nil), ("10 s", nil),
    ] as [(String, Int64?)])
  func durations(text: String, expected: Int64?) {
    #expect(SendDuration(argument: text)?.nanoseconds == expected)
  }

  @Test(
    "Rates",
    arguments: [
      ("max", .maximum), ("1000", .messagesPerSecond(1000)), ("0.5", .messagesPerSecond(0.5)), ("0", nil), ("-1", nil),
      ("inf", nil), ("nan", nil), ("fast", nil),
    ] as [(String, SendRate?)])
  func rates(text: String, expected: SendRate?) {
    #expect(SendRate(argument: text) == expected)
  }

  @Test("A rate and a duration together give the count of messages")
  func budgets() throws {
    var settings = FleetSettings(
      hub: HubAddress(host: "h", port: 1), devices: 4, connections: 4, qos: .atLeastOnce, rate: .messagesPerSecond(10),
      duration: SendDuration(argument: "1s"), window: 1, payload: .json, metrics: [.temperature], devicePrefix: "d",
      version: .v5, seed: 1, idle: false, keepAlive: 0, threads: 1)
    #expect((0..<4).map { settings.budget(ofConnection: $0) } == [3, 3, 2, 2])
    settings.messages = 5
    #expect((0..<4).map { settings.budget(ofConnection: $0) } == [2, 1, 1, 1])
    settings.messages = nil
    settings.rate = .maximum
    #expect(settings.budget(ofConnection: 0) == Int.max)
    settings.idle = true
    #expect(settings.budget(ofConnection: 0) == 0)
  }

  @Test(
    "Figures",
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1234, "-1,234")])
  func grouping(number: Int, text: String) {
    #expect(Figures.grouped(number) == text)
  }

  @Test(
    "Decimals",
    arguments: [(1.5, 3, "1.500"), (0.0004, 3, "0.000"), (0.0006, 3, "0.001"), (12, 0, "12"), (-2.05, 1, "-2.1")])
  func decimals(number: Double, decimals: Int, text: String) {
    #expect(Figures.fixed(number, decimals: decimals) == text)
  }
}

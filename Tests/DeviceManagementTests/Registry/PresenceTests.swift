import Testing

@testable import DeviceManagement

@Suite struct PresenceTests {
  private func presence(
    _ record: DeviceRecord? = nil, newest: Int64? = nil, interval: Int64? = nil, command: Command? = nil,
    now: Int64 = 100_000
  ) -> Presence {
    Presence(record: record, newestReading: newest, interval: interval, lastCommand: command, now: now)
  }

  @Test func saysWhetherItIsConnectedAndWhy() throws {
    let registry = DeviceRegistry()
    #expect(presence().connected == .init(value: false, reason: "no session since the hub started", since: nil))
    registry.connected(
      device: "pi", connection: .init(clientIdentifier: "c", protocolName: "MQTT 3.1.1", since: 10))
    #expect(
      presence(registry.record(of: "pi")).connected == .init(value: true, reason: "MQTT 3.1.1 session", since: 10))
    registry.disconnected(device: "pi", clientIdentifier: "c", reason: "keep-alive exceeded", now: 20)
    #expect(
      presence(registry.record(of: "pi")).connected == .init(value: false, reason: "keep-alive exceeded", since: 20))
  }

  @Test(
    arguments: [
      (nil, nil, false), (nil, 1_000, false), (99_000, nil, nil), (99_000, 0, nil), (97_000, 1_000, true),
      (96_999, 1_000, false), (99_500, 10, true), (97_999, 10, false), (100_001, 1_000, true), (0, 33_334, true),
      (0, 33_333, false), (0, Int64.max, true), (Int64.min, 1_000, nil), (Int64.max, 1_000, true),
    ] as [(Int64?, Int64?, Bool?)])
  func judgesTheNewestReadingByItsInterval(newest: Int64?, interval: Int64?, expected: Bool?) {
    let answer = presence(newest: newest, interval: interval).reporting
    #expect(answer.value == expected)
    #expect(!answer.reason.isEmpty)
  }

  @Test func saysWhetherItAnswers() throws {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    #expect(presence(command: ledger.lastSent(to: "pi")).responsive.value == nil)
    let id = try ledger.created(device: "pi", request: CommandRequest(name: "ping"), now: 0, random: (1, 1)).id
    // What has not left the hub says nothing of the device.
    #expect(ledger.lastSent(to: "pi") == nil)
    _ = ledger.next(for: "pi", maximum: 1, by: .publish, now: 1)
    #expect(presence(command: ledger.lastSent(to: "pi")).responsive.value == nil)
    _ = ledger.timePassed(now: 60_000)
    let answer = presence(command: ledger.lastSent(to: "pi")).responsive
    #expect(answer == .init(value: false, reason: "command ping unknown: no answer in time", since: 60_000))
    _ = ledger.resultReceived(id, from: "pi", payload: Array(#"{"status":"failed"}"#.utf8), now: 60_001)
    #expect(presence(command: ledger.lastSent(to: "pi")).responsive.value == true)
  }

  @Test(
    arguments: [
      ([], nil), ([1, 2], nil), ([0, 10, 20, 30], 10), ([0, 10, 20, 1_000], 10), ([5, 5, 5], nil),
      ([Int64.min, 0, Int64.max], Int64.max), ([0, 1, 3, 6, 10], 3),
    ] as [([Int64], Int64?)])
  func learnsTheIntervalFromTheMedianGap(times: [Int64], expected: Int64?) {
    #expect(ReportingInterval.learned(from: times) == expected)
  }

  @Test(arguments: [
    (0, "0 ms"), (999, "999 ms"), (1_000, "1 s"), (119_999, "119 s"), (120_000, "2 min"), (7_200_000, "2 h"),
    (172_800_000, "2 d"), (Int64.max, "106751991167 d"),
  ])
  func saysHowLong(milliseconds: Int64, text: String) {
    #expect(Presence.duration(milliseconds) == text)
  }
}

import TelemetryIngest
import Testing
import TimeSeriesStorage

/// How a message's own time is read, believed, replaced or refused.
@Suite struct TelemetryTimeTests {
  static let now = Harness.now

  static let times: [(String, Int64)] = [
    (#"{"a":1}"#, now), (#"{"ts":null,"a":1}"#, now), (#"{"ts":1732000000,"a":1}"#, now),
    (#"{"ts":1731999999.5,"a":1}"#, now - 500),
    (#"{"ts":1731999999000,"a":1}"#, now - 1000), (#"{"ts":1731999999000000,"a":1}"#, now - 1000),
    (#"{"ts":1731999999000000000,"a":1}"#, now - 1000), (#"{"a":1,"ts":1731999999000}"#, now - 1000),
    (#"{"ts":"2024-11-19T07:06:39Z","a":1}"#, now - 1000), (#"{"ts":"2024-11-19T08:06:39+01:00","a":1}"#, now - 1000),
    (#"{"ts":"2024-11-19T07:06:39\u005a","a":1}"#, now - 1000), (#"{"\u0074s":1731999999000,"a":1}"#, now - 1000),
    (#"{"ts":1731999999000,"values":{"a":1}}"#, now - 1000), (#"{"values":{"a":1},"ts":1731999999000}"#, now - 1000),
    (#"{"ts":5,"a":1,"ts":1731999999000}"#, now - 1000), (#"{"ts":1731999999000,"a":1,"ts":5}"#, now),
    // A day ahead is believed, more is not.
    (#"{"ts":1732086400000,"a":1}"#, now + 86_400_000), (#"{"ts":1732086400001,"a":1}"#, now),
    (#"{"ts":0,"a":1}"#, now), (#"{"ts":-5,"a":1}"#, now), (#"{"ts":946684799999,"a":1}"#, now),
    (#"{"ts":1e300,"a":1}"#, now),
    (#"{"ts":1e400,"a":1}"#, now), (#"{"ts":-1e400,"a":1}"#, now), (#"{"ts":"1999-12-31T23:59:59Z","a":1}"#, now),
    (#"{"ts":"9999-12-31T23:59:59Z","a":1}"#, now), (#"{"ts":\#(String(repeating: "9", count: 400)),"a":1}"#, now),
  ]

  @Test(arguments: times)
  func isTheReadingsTime(_ message: String, _ expected: Int64) throws {
    let harness = try Harness()
    #expect(harness.json(message) != .accepted(readings: 0, skipped: 0))
    #expect(harness.stored()["a"]?.map(\.time) == [expected], "\(message)")
  }

  @Test(arguments: [
    (#"{"ts":true,"a":1}"#, 6), (#"{"ts":{},"a":1}"#, 6), (#"{"ts":[1],"a":1}"#, 6), (#"{"ts":"yesterday","a":1}"#, 6),
    (#"{"ts":"2024-11-19T07:06:39","a":1}"#, 6), (#"{"ts":"","a":1}"#, 6), (#"{"a":1,"ts": "1732000000"}"#, 13),
  ])
  func isNoTime(_ message: String, _ byte: Int) throws {
    let harness = try Harness()
    #expect(harness.json(message) == .deadLetter(.invalidTimestamp(atByte: byte)))
  }

  @Test func brokenTextBeatsAWrongTime() throws {
    let harness = try Harness()
    #expect(harness.json(#"{"ts":tru}"#) == .deadLetter(.invalidJSON(.init(.invalidLiteral, at: 6))))
    #expect(harness.json(#"{"ts":[1"#) == .deadLetter(.invalidJSON(.init(.unexpectedEnd, at: 8))))
  }

  @Test func aBatchKeepsItsSpacing() throws {
    let harness = try Harness()
    // A clock that starts at 1970 with the board, a second between readings; the newest is now.
    #expect(harness.json(#"[{"ts":10,"a":1},{"ts":12,"a":3},{"ts":11,"a":2}]"#) == .accepted(readings: 3, skipped: 0))
    #expect(
      harness.stored()["a"] == [
        Reading(time: Self.now - 2000, value: .number(1)), Reading(time: Self.now - 1000, value: .number(2)),
        Reading(time: Self.now, value: .number(3)),
      ])
    #expect(harness.counters.totals.redatedTimestamps == 3)
    #expect(harness.device.unreported.redatedTimestamps == 3)
  }

  @Test func onlyWhatIsNotBelievedIsMoved() throws {
    let harness = try Harness()
    let message =
      #"[{"ts":10,"a":1},{"ts":1731999000000,"b":5},{"ts":11,"a":2},{"ts":4000000000000,"c":7},{"ts":4000000001000,"c":8}]"#
    #expect(harness.json(message) == .accepted(readings: 5, skipped: 0))
    let stored = harness.stored()
    #expect(stored["a"]?.map(\.time) == [Self.now - 1000, Self.now])
    #expect(stored["b"]?.map(\.time) == [1_731_999_000_000])
    #expect(stored["c"]?.map(\.time) == [Self.now - 1000, Self.now])
    #expect(harness.counters.totals.redatedTimestamps == 4)
  }

  @Test func olderThanRetentionIsRefused() throws {
    let harness = try Harness(storage: StorageLimits(rawRetention: 10_000))
    #expect(harness.json(#"{"ts":\#(Self.now - 10_000),"a":1}"#) == .accepted(readings: 1, skipped: 0))
    #expect(harness.json(#"{"ts":\#(Self.now - 10_001),"a":2,"b":{"c":3}}"#) == .accepted(readings: 0, skipped: 2))
    // Spacing that reaches back beyond it.
    #expect(harness.json(#"[{"ts":100,"d":1},{"ts":111,"d":2}]"#) == .accepted(readings: 1, skipped: 1))
    let stored = harness.stored()
    #expect(stored["a"]?.map(\.value) == [.number(1)])
    #expect(stored["d"]?.map(\.time) == [Self.now])
    // Nothing of a refused reading remains, its series included.
    #expect(Set(stored.keys) == ["a", "d"])
    #expect(harness.counters.totals.refusedTooOld == 3)
  }

  @Test func anArrayWithoutTimesKeepsEveryReading() throws {
    let harness = try Harness()
    #expect(harness.json(#"[{"a":1},{"a":2},{"a":3}]"#) == .accepted(readings: 3, skipped: 0))
    #expect(harness.stored()["a"]?.map(\.value) == [.number(1), .number(2), .number(3)])
  }

  @Test func theSameTimeTwiceIsOneReading() throws {
    let harness = try Harness()
    for value in [1, 2] { _ = harness.json(#"{"ts":1731999999000,"a":\#(value)}"#) }
    #expect(harness.stored()["a"] == [Reading(time: Self.now - 1000, value: .number(2))])
  }

  @Test(arguments: [Int64.min, -1, 0, Int64.max])
  func anyTimeOfReceiptIsSurvived(_ receivedAt: Int64) throws {
    let harness = try Harness()
    for ts in ["0", "1732000000123", "1e300", "-1e300", "\"9999-12-31T23:59:59Z\""] {
      guard case .accepted = harness.json(#"[{"ts":\#(ts),"a":1},{"ts":5,"a":2},{"a":3}]"#, at: receivedAt) else {
        Issue.record("ts \(ts)")
        continue
      }
    }
    harness.pipeline.flush(receivedAt: receivedAt)
    #expect(harness.counters.totals.messages == 5)
  }
}

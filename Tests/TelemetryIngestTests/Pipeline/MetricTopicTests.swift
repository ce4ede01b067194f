import TelemetryIngest
import Testing
import TimeSeriesStorage

/// What is made of messages on `v1/devices/{device}/telemetry/{metric…}`.
@Suite struct MetricTopicTests {
  static let messages: [(String, String, String, Value, Int64)] = [
    ("21.5", "temperature", "temperature", Value.number(21.5), Harness.now),
    (" -3 ", "temperature", "temperature", .number(-3), Harness.now),
    ("true", "door", "door", .boolean(true), Harness.now),
    (#""open""#, "door", "door", .text("open"), Harness.now),
    ("1", "energy/power", "energy.power", .number(1), Harness.now),
    ("1", "living room/a*b", "living_room.a_b", .number(1), Harness.now),
    ("1", "a//b", "a..b", .number(1), Harness.now),
    ("1", "ts", "ts", .number(1), Harness.now),
    (#"{"ts":1731999999000,"value":2}"#, "t", "t", .number(2), Harness.now - 1000),
    (#"{"value":"x","ts":"2024-11-19T07:06:39Z"}"#, "t", "t", .text("x"), Harness.now - 1000),
    (#"{"value":2}"#, "t", "t", .number(2), Harness.now),
    (#"{"v\u0061lue":2,"value":3}"#, "t", "t", .number(3), Harness.now),
    (#"{"boot":"x","seq":1,"ts":1731999999,"value":false}"#, "t", "t", .boolean(false), Harness.now - 1000),
    (#"{"ts":5,"value":2}"#, "t", "t", .number(2), Harness.now),
  ]

  @Test(arguments: messages)
  func becomesAReading(_ payload: String, _ levels: String, _ metric: String, _ value: Value, _ time: Int64) throws {
    let harness = try Harness()
    #expect(harness.value(payload, levels: levels) == .accepted(readings: 1, skipped: 0))
    #expect(harness.stored() == [metric: [Reading(time: time, value: value)]])
  }

  @Test(arguments: [
    ("null", 0, 1), (#"{"value":null}"#, 0, 1), ("1e400", 0, 1), (#"{"value":1,"unit":"°C","x":{"y":[1]}}"#, 1, 2),
    (#"{"value":1,"ts":null}"#, 1, 1), (#"{"value":1,"a-member-name-of-more-than-thirty-bytes":1}"#, 1, 1),
  ])
  func leavesOut(_ payload: String, _ readings: Int, _ skipped: Int) throws {
    let harness = try Harness()
    #expect(harness.value(payload, levels: "t") == .accepted(readings: readings, skipped: skipped))
    harness.pipeline.flush(receivedAt: Harness.now)
    #expect(harness.counters.totals.skipped == UInt64(skipped))
  }

  static let deadLetters: [(String, String, DeadLetterReason)] = [
    ("", "t", DeadLetterReason.invalidJSON(.init(.unexpectedEnd, at: 0))),
    ("open", "t", .invalidJSON(.init(.expectedValue, at: 0))),
    ("21,5", "t", .invalidJSON(.init(.trailingBytes, at: 2))),
    ("NaN", "t", .invalidJSON(.init(.expectedValue, at: 0))),
    ("[1]", "t", .expectedBareValue(atByte: 0)),
    (#"{"value":{"x":1}}"#, "t", .expectedBareValue(atByte: 9)),
    (#"{"value":[1]}"#, "t", .expectedBareValue(atByte: 9)),
    ("{}", "t", .missingValue),
    (#"{"ts":1}"#, "t", .missingValue),
    (#"{"ts":true,"value":1}"#, "t", .invalidTimestamp(atByte: 6)),
    (#"{"value":1"#, "t", .invalidJSON(.init(.unexpectedEnd, at: 10))),
    ("1", "", .invalidMetricName),
    ("1", String(repeating: "m", count: 129), .invalidMetricName),
    ("1", String(repeating: "m/", count: 200), .invalidMetricName),
  ]

  @Test(arguments: deadLetters)
  func isADeadLetter(_ payload: String, _ levels: String, _ reason: DeadLetterReason) throws {
    let harness = try Harness()
    #expect(harness.value(payload, levels: levels) == .deadLetter(reason))
    #expect(harness.stored().isEmpty)
    #expect(harness.ring.snapshot().letters.map(\.reason) == [reason])
  }

  @Test func topicAndJSONMeetInOneSeries() throws {
    let harness = try Harness()
    #expect(harness.value("1", levels: "energy/power") == .accepted(readings: 1, skipped: 0))
    #expect(harness.json(#"{"energy":{"power":2}}"#, at: Harness.now + 5) == .accepted(readings: 1, skipped: 0))
    #expect(harness.stored()["energy.power"]?.map(\.value) == [.number(1), .number(2)])
  }
}

import TelemetryIngest
import Testing
import TimeSeriesStorage

/// What is made of messages on `v1/devices/{device}/telemetry`.
@Suite struct TelemetryMessageTests {
  static let messages: [(String, [String: Value])] = [
    (#"{"temperature":21.5}"#, ["temperature": .number(21.5)]),
    (#"{"door":true,"alarm":false}"#, ["door": .boolean(true), "alarm": .boolean(false)]),
    (#"{"state":"open","none":""}"#, ["state": .text("open"), "none": .text("")]),
    (#"{"text":"NaN","n":1}"#, ["text": .text("NaN"), "n": .number(1)]),
    (#"{"text":"a\"b\\ä\ud83d\ude00\u0000"}"#, ["text": .text("a\"b\\ä😀\u{0}")]),
    (#" { "a" : 1 , "b" : 2 } "#, ["a": .number(1), "b": .number(2)]),
    (#"{"a":null,"b":1}"#, ["b": .number(1)]),
    (#"{"ENERGY":{"Power":43,"Total":{"kWh":1.5}}}"#, ["ENERGY.Power": .number(43), "ENERGY.Total.kWh": .number(1.5)]),
    (#"{"accel":[0.5,-1,9.8]}"#, ["accel.0": .number(0.5), "accel.1": .number(-1), "accel.2": .number(9.8)]),
    (#"{"m":[[1,2],[3]]}"#, ["m.0.0": .number(1), "m.0.1": .number(2), "m.1.0": .number(3)]),
    (#"{"a":[{"x":1},{"x":2}]}"#, ["a.0.x": .number(1), "a.1.x": .number(2)]),
    (#"{"ENERGY.Power":43}"#, ["ENERGY.Power": .number(43)]),
    (#"{"a":{},"b":[],"c":1}"#, ["c": .number(1)]),
    (#"{}"#, [:]), (#"[]"#, [:]), (#"[{},{}]"#, [:]),
    (#"{"values":{"temperature":21.5,"n":{"x":1}}}"#, ["temperature": .number(21.5), "n.x": .number(1)]),
    (#"{"values":{"temperature":21.5},"rssi":-60}"#, ["temperature": .number(21.5), "rssi": .number(-60)]),
    (#"{"values":5}"#, ["values": .number(5)]),
    (#"{"values":[5]}"#, ["values.0": .number(5)]),
    (#"{"values":{"ts":5,"values":{"x":1}}}"#, ["ts": .number(5), "values.x": .number(1)]),
    (
      #"{"inner":{"ts":5,"boot":"x","seq":1}}"#,
      ["inner.ts": .number(5), "inner.boot": .text("x"), "inner.seq": .number(1)]
    ),
    (#"{"boot":"5f2c","seq":17,"values":{"t":1}}"#, ["t": .number(1)]),
    (#"{"values":{"t":1},"seq":17,"boot":"5f2c"}"#, ["t": .number(1)]),
    (#"{"boot":"5f2c","seq":17,"t":1}"#, ["boot": .text("5f2c"), "seq": .number(17), "t": .number(1)]),
    (#"{"seq":[1,{"x":2}],"t":1}"#, ["seq.0": .number(1), "seq.1.x": .number(2), "t": .number(1)]),
    (#"{"seq":1,"seq":2}"#, ["seq": .number(2)]),
    // The last of the same name wins, however it was spelled.
    (#"{"a":1,"a":2}"#, ["a": .number(2)]),
    (#"{"a":1,"a":"x","a":true}"#, ["a": .boolean(true)]),
    (#"{"a":1,"\u0061":2}"#, ["a": .number(2)]),
    (#"{"a b":1,"a_b":2}"#, ["a_b": .number(2)]),
    (#"{"a":{"b":1},"a.b":2}"#, ["a.b": .number(2)]),
    (#"{"a":{"0":1},"a":[2]}"#, ["a.0": .number(2)]),
    (#"{"a":{"x":1},"a":{"y":2}}"#, ["a.x": .number(1), "a.y": .number(2)]),
    (#"{"a":1,"a":null}"#, ["a": .number(1)]),
    // Names.
    (#"{"Wärme €":1}"#, ["Wärme_€": .number(1)]),
    (#"{"a /*?,\"'`\t\u0085 b":1}"#, ["a_b": .number(1)]),
    (#"{" a ":1}"#, ["_a_": .number(1)]),
    (#"{"a-b:c.d_e":1}"#, ["a-b:c.d_e": .number(1)]),
    (#"{"\u0022":1}"#, ["_": .number(1)]),
    (#"{"":1,"b":2}"#, ["b": .number(2)]),
    // Numbers.
    (#"{"a":1e400,"b":-1e400,"c":1e-400}"#, ["c": .number(0)]),
    (#"{"a":9007199254740993}"#, ["a": .number(9_007_199_254_740_992)]),
    (#"{"a":-0.0}"#, ["a": .number(-0.0)]),
  ]

  @Test(arguments: messages)
  func becomesReadings(_ message: String, _ expected: [String: Value]) throws {
    let harness = try Harness()
    // Once as something new, once as something known.
    for _ in 0..<2 {
      guard case .accepted(let readings, _) = harness.json(message) else {
        Issue.record("\(message) is a dead letter")
        return
      }
      #expect(readings == expected.count, "\(message)")
      #expect(harness.pipeline.pendingReadings == expected.count)
      #expect(harness.values() == expected, "\(message)")
    }
    #expect(harness.ring.total == 0)
  }

  static let leftOut: [(String, Int, Int, @Sendable (IngestTotals) -> UInt64, UInt64)] = [
    // (message, readings, skipped, what is counted)
    (#"{"a":null,"b":null,"c":1}"#, 1, 2, { $0.skippedNulls }, 2),
    (#"{"a":{},"b":[],"c":[{}]}"#, 0, 3, { $0.skippedEmpty }, 3),
    (#"{}"#, 0, 1, { $0.skippedEmpty }, 1),
    (#"[]"#, 0, 1, { $0.skippedEmpty }, 1),
    (#"{"values":{}}"#, 0, 1, { $0.skippedEmpty }, 1),
    (#"{"a":1e400,"b":2}"#, 1, 1, { $0.skippedNumbers }, 1),
    (#"{"":1,"b":2}"#, 1, 1, { $0.skippedInvalidMetrics }, 1),
    (#"{"ts":null,"b":2}"#, 1, 1, { $0.skippedNulls }, 1),
    (#"{"a":9007199254740993,"b":2}"#, 2, 0, { $0.roundedIntegers }, 1),
    (#"{"ts":5,"b":2}"#, 1, 0, { $0.redatedTimestamps }, 1),
  ]

  @Test(arguments: leftOut)
  func whatIsLeftOutIsCounted(
    _ message: String, _ readings: Int, _ skipped: Int, _ field: @Sendable (IngestTotals) -> UInt64, _ count: UInt64
  ) throws {
    let harness = try Harness()
    #expect(harness.json(message) == .accepted(readings: readings, skipped: skipped))
    harness.pipeline.flush(receivedAt: Harness.now)
    let totals = harness.counters.totals
    #expect(field(totals) == count)
    #expect(totals.skipped == UInt64(skipped))
    #expect(totals.messages == 1)
    #expect(totals.readings == UInt64(readings))
    #expect(totals.bytes == UInt64(message.utf8.count))
  }

  @Test func textsAndNamesHaveTheirLengths() throws {
    let harness = try Harness()
    func message(_ key: Int, _ text: Int) -> String {
      #"{"\#(String(repeating: "k", count: key))":"\#(String(repeating: "é", count: text / 2))"}"#
    }
    #expect(harness.json(message(128, 256)) == .accepted(readings: 1, skipped: 0))
    #expect(harness.json(message(129, 2)) == .accepted(readings: 0, skipped: 1))
    #expect(harness.json(message(255, 2)) == .accepted(readings: 0, skipped: 1))
    #expect(harness.json(message(256, 2)) == .accepted(readings: 0, skipped: 1))
    #expect(harness.json(message(10_000, 2)) == .accepted(readings: 0, skipped: 1))
    #expect(harness.json(message(1, 258)) == .accepted(readings: 0, skipped: 1))
    // Escapes count as what they stand for.
    let escaped = String(repeating: #"\u00e9"#, count: 128)
    #expect(harness.json(#"{"t":"\#(escaped)"}"#) == .accepted(readings: 1, skipped: 0))
    #expect(harness.json(#"{"t":"\#(escaped)a"}"#) == .accepted(readings: 0, skipped: 1))
    // Levels and their dots count together; what is under a name too long is left out with it.
    let half = String(repeating: "h", count: 64)
    #expect(harness.json(#"{"\#(half)":{"\#(half.dropLast())":1}}"#) == .accepted(readings: 1, skipped: 0))
    #expect(harness.json(#"{"\#(half)":{"\#(half)":1}}"#) == .accepted(readings: 0, skipped: 1))
    #expect(harness.json(#"{"\#(half)\#(half)x":{"a":1,"b":[1,2]},"c":1}"#) == .accepted(readings: 1, skipped: 1))
    harness.pipeline.flush(receivedAt: Harness.now)
    #expect(harness.counters.totals.skippedInvalidMetrics == 6)
    #expect(harness.counters.totals.skippedLongTexts == 2)
  }

  @Test func aMessageIsTakenWholeOrNotAtAll() throws {
    let harness = try Harness()
    #expect(harness.json(#"{"good":1}"#) == .accepted(readings: 1, skipped: 0))
    #expect(
      harness.json(#"[{"bad":1,"text":"x"},{"bad":2"#) == .deadLetter(.invalidJSON(.init(.unexpectedEnd, at: 30))))
    #expect(harness.pipeline.pendingReadings == 1)
    // Not even the metrics' names are left behind.
    #expect(Array(harness.stored().keys) == ["good"])
    #expect(harness.counters.totals.skipped == 0)
    #expect(harness.counters.totals.deadLetters[.invalidJSON] == 1)
  }

  @Test func severalMessagesShareABatch() throws {
    let harness = try Harness()
    for index in 0..<5 { _ = harness.json(#"{"ts":\#(Harness.now + Int64(index)),"a":\#(index),"s":"t\#(index)"}"#) }
    #expect(harness.pipeline.pendingReadings == 10)
    let shown = harness.pipeline.flush(receivedAt: Harness.now) { ($0.readings.map(\.time), $0.texts) }
    let expectedTimes = (0..<10).map { Harness.now + Int64($0 / 2) }
    #expect(shown?.0 == expectedTimes)
    #expect(shown?.1 == ["t0", "t1", "t2", "t3", "t4"])
    #expect(harness.pipeline.pendingReadings == 0)
    #expect(harness.pipeline.flush(receivedAt: Harness.now) { _ in 1 } == nil)
    #expect(harness.values() == ["a": .number(4), "s": .text("t4")])
  }

  @Test func theBatchIsShownWithItsFinalTimes() throws {
    let harness = try Harness()
    for index in 0..<3 { _ = harness.json(#"{"a":\#(index)}"#) }
    let times = harness.pipeline.flush(receivedAt: Harness.now) { $0.readings.map(\.time) }
    #expect(times == [Harness.now, Harness.now + 1, Harness.now + 2])
    #expect(harness.stored()["a"]?.map(\.value) == [.number(0), .number(1), .number(2)])
  }

  @Test func devicesDoNotMix() throws {
    let harness = try Harness()
    let other = try withBytes(of: "cellar") { name throws(IngestRefusal) in try harness.pipeline.device(named: name) }
    for round in 0..<3 {
      let time = Harness.now + Int64(round)
      #expect(harness.json(#"{"a":\#(round),"b":1}"#, at: time) == .accepted(readings: 2, skipped: 0))
      let bytes = Array(#"{"b":\#(-round),"a":2}"#.utf8)
      #expect(harness.json(bytes, from: other, at: time) == .accepted(readings: 2, skipped: 0))
    }
    #expect(harness.values() == ["a": .number(2), "b": .number(1)])
    let cellar = harness.store.seriesList(of: other.id)
    #expect(cellar.map(\.metric) == ["a", "b"])
    #expect(cellar.map(\.latest?.reading.value) == [.number(2), .number(-2)])
  }

  @Test func whoIsShownTheBatchMayUseThePipeline() throws {
    let harness = try Harness()
    _ = harness.json(#"{"a":1,"s":"x"}"#)
    harness.pipeline.flush(receivedAt: Harness.now) { batch in
      _ = harness.json(#"{"a":2,"s":"y"}"#, at: Harness.now + 5)
      #expect(batch.texts == ["x"])
    }
    #expect(harness.pipeline.pendingReadings == 2)
    #expect(harness.stored()["s"]?.map(\.value) == [.text("x"), .text("y")])
    #expect(harness.stored()["a"]?.map(\.value) == [.number(1), .number(2)])
  }

  @Test func aGreatBatchIsStoredWhole() throws {
    let harness = try Harness()
    for message in 0..<10 {
      let start = Harness.now / 1000 - Int64(message) * 10_000
      let objects = (0..<10_000).map { #"{"ts":\#(start - Int64($0)),"a":1}"# }
      #expect(harness.json("[" + objects.joined(separator: ",") + "]") == .accepted(readings: 10_000, skipped: 0))
    }
    #expect(harness.pipeline.pendingReadings == 100_000)
    #expect(harness.stored()["a"]?.count == 100_000)
    #expect(harness.json(#"{"a":5}"#, at: Harness.now + 1) == .accepted(readings: 1, skipped: 0))
    #expect(harness.stored()["a"]?.count == 100_001)
  }
}

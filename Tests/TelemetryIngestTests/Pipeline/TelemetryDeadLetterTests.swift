import TelemetryIngest
import Testing
import TimeSeriesStorage

/// Which messages cannot be read, and what is said of them.
@Suite struct TelemetryDeadLetterTests {
  static let messages: [(String, DeadLetterReason, String)] = [
    ("", DeadLetterReason.invalidJSON(.init(.unexpectedEnd, at: 0)), "invalid JSON at byte 0: unexpected end"),
    ("21.5", .expectedObject(atByte: 0), "expected an object, or an array of objects, at byte 0"),
    (" \"x\"", .expectedObject(atByte: 1), "expected an object, or an array of objects, at byte 1"),
    ("null", .expectedObject(atByte: 0), "expected an object, or an array of objects, at byte 0"),
    ("[1]", .expectedObject(atByte: 1), "expected an object, or an array of objects, at byte 1"),
    ("[[]]", .expectedObject(atByte: 1), "expected an object, or an array of objects, at byte 1"),
    (#"[{"a":1},2]"#, .expectedObject(atByte: 9), "expected an object, or an array of objects, at byte 9"),
    (#"{"temperature" 21.5}"#, .invalidJSON(.init(.expectedColon, at: 15)), "invalid JSON at byte 15: expected ':'"),
    (#"{"a":NaN}"#, .invalidJSON(.init(.expectedValue, at: 5)), "invalid JSON at byte 5: expected a value"),
    (
      #"{"a":nan}"#, .invalidJSON(.init(.invalidLiteral, at: 5)), "invalid JSON at byte 5: expected true, false or null"
    ),
    (#"{"a":01}"#, .invalidJSON(.init(.invalidNumber, at: 5)), "invalid JSON at byte 5: invalid number"),
    (#"{"a":1}x"#, .invalidJSON(.init(.trailingBytes, at: 7)), "invalid JSON at byte 7: bytes after the value"),
    (#"{"a":"\ud800"}"#, .invalidJSON(.init(.loneSurrogate, at: 6)), "invalid JSON at byte 6: lone surrogate"),
    (#"{"\udfff":1}"#, .invalidJSON(.init(.loneSurrogate, at: 2)), "invalid JSON at byte 2: lone surrogate"),
    (
      #"{"a":{"b":{"c":tru}}}"#, .invalidJSON(.init(.invalidLiteral, at: 15)),
      "invalid JSON at byte 15: expected true, false or null"
    ),
    (
      #"{"ts":"soon"}"#, .invalidTimestamp(atByte: 6),
      "invalid ts at byte 6: expected a number, or an RFC 3339 time with zone"
    ),
    (#"{"seq":x}"#, .invalidJSON(.init(.expectedValue, at: 7)), "invalid JSON at byte 7: expected a value"),
    (#"{"a"b":1}"#, .invalidJSON(.init(.expectedColon, at: 4)), "invalid JSON at byte 4: expected ':'"),
    (#"{"":{"x":1,}}"#, .invalidJSON(.init(.expectedKey, at: 11)), "invalid JSON at byte 11: expected a key in quotes"),
  ]

  @Test(arguments: messages)
  func saysWhatAndWhere(_ message: String, _ reason: DeadLetterReason, _ description: String) throws {
    let harness = try Harness()
    // A key that, unescaped, holds a quote, must not be taken for the broken text that looks like it.
    #expect(harness.json(#"{"a\"b":1}"#) == .accepted(readings: 1, skipped: 0))
    for _ in 0..<2 { #expect(harness.json(message, at: 42) == .deadLetter(reason), "\(message)") }
    #expect(reason.description == description)
    let letter = try #require(harness.ring.snapshot().letters.first)
    #expect(letter.reason == reason)
    #expect(letter.topic == "v1/devices/greenhouse/telemetry")
    #expect(letter.device == "greenhouse")
    #expect(letter.time == 42)
    #expect(letter.payloadBytes == message.utf8.count)
    #expect(letter.payloadPrefix == Array(message.utf8))
    #expect(letter.number == 2)
    harness.pipeline.flush(receivedAt: 42)
    #expect(harness.counters.totals.deadLetters[reason.kind] == 2)
    #expect(harness.counters.totals.deadLetters.total == 2)
  }

  @Test func depthIsBounded() throws {
    let harness = try Harness()
    func nested(_ opening: String, _ closing: String, _ depth: Int) -> String {
      #"{"a":"# + String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth) + "}"
    }
    #expect(harness.json(nested("[", "]", 31)) == .accepted(readings: 1, skipped: 0))
    #expect(harness.json(nested("[", "]", 32)) == .deadLetter(.invalidJSON(.init(.tooDeep, at: 36))))
    for (opening, closing) in [("[", "]"), (#"{"b":"#, "}")] {
      guard case .deadLetter(let reason) = harness.json(nested(opening, closing, 10_000)) else {
        Issue.record("10,000 deep was accepted")
        continue
      }
      #expect(reason.kind == .tooDeep)
    }
    // Under a name that is not looked at, the bound holds too.
    guard case .deadLetter(let reason) = harness.json(#"{"":"# + nested("[", "]", 10_000) + "}") else {
      Issue.record("10,000 deep was skipped")
      return
    }
    #expect(reason.description == "JSON too deep at byte 39")
  }

  @Test func sizeIsBounded() throws {
    var limits = IngestLimits()
    limits.maximumPayloadBytes = 100
    limits.maximumReadingsPerMessage = 10
    let harness = try Harness(limits: limits)
    let fitting = #"{"a":1}"# + String(repeating: " ", count: 93)
    #expect(harness.json(fitting) == .accepted(readings: 1, skipped: 0))
    #expect(harness.json(fitting + " ") == .deadLetter(.payloadTooLarge(bytes: 101, limit: 100)))
    // What came before a message that is refused unread stays.
    #expect(harness.pipeline.pendingReadings == 1)
    let ten = (0..<10).map { _ in "1" }.joined(separator: ",")
    #expect(harness.json(#"{"a":[\#(ten)]}"#) == .accepted(readings: 10, skipped: 0))
    #expect(harness.json(#"{"a":[\#(ten),1]}"#) == .deadLetter(.tooManyReadings(limit: 10)))
    #expect(harness.json(#"{"a":[\#(ten),null]}"#) == .accepted(readings: 10, skipped: 1))
  }

  @Test func tenThousandReadingsFit() throws {
    let harness = try Harness()
    let elements = (0..<10_000).map { #"{"ts":\#(Harness.now - Int64($0)),"a":\#($0)}"# }
    #expect(
      harness.json("[" + elements.joined(separator: ",") + "]")
        == .deadLetter(.payloadTooLarge(bytes: 298_891, limit: 262_144)))
    let short = (0..<10_000).map { #"{"ts":\#(Harness.now / 1000 - Int64($0)),"a":1}"# }
    #expect(harness.json("[" + short.joined(separator: ",") + "]") == .accepted(readings: 10_000, skipped: 0))
    #expect(
      harness.json("[" + short.joined(separator: ",") + #",{"a":1}]"#) == .deadLetter(.tooManyReadings(limit: 10_000)))
    #expect(harness.stored()["a"]?.count == 10_000)
  }

  @Test func aLongPayloadIsKeptInPart() throws {
    let harness = try Harness()
    let message = #"{"a":"# + String(repeating: "x", count: 1_000)
    _ = harness.json(message)
    let letter = try #require(harness.ring.snapshot().letters.first)
    #expect(letter.payloadBytes == 1_005)
    #expect(letter.payloadPrefix == Array(message.utf8.prefix(256)))
  }
}

import TelemetryIngest
import Testing
import TimeSeriesStorage

/// Generated messages against the rules written plainly, and broken ones against the wish to survive.
@Suite struct TelemetryFuzzTests {
  static let seeds = [
    #"{"ts":1732000000123,"temperature":21.5,"humidity":40.25}"#,
    #"[{"ts":"2024-11-19T07:06:40Z","values":{"a":[1,2,{"b":true}],"c":"\ud83d\ude00 text"}},{"x":null}]"#,
    #"{"boot":"5f2c","seq":17,"ts":1732000000.5,"values":{"cpu.load":0.25,"Wärme":-1.5e-3,"s":"ä"}}"#,
    #"{"a":{"b":{"c":{"d":[[[123456789012345678901234567890]]]}}},"\u0061":1e400,"":2}"#,
  ]

  @Test(arguments: 0..<10)
  func everyMessageBecomesWhatTheRulesSay(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let harness = try Harness()
    for round in 0..<100 {
      // A new time each round: what is held at that time is what this message said.
      let time = Harness.now + Int64(round)
      let tree = JSONTree.randomObject(depth: 4, using: &generator)
      let text = tree.text(using: &generator)
      let expected = tree.metrics().compactMapValues(\.value)
      // A message cut short before it must leave nothing behind.
      let end = text.utf8.reversed().drop { $0 != UInt8(ascii: "}") }.count
      let torn = Array(text.utf8.prefix(Int.random(in: 0..<end, using: &generator)))
      _ = harness.json(torn, at: time)
      #expect(harness.pipeline.pendingReadings == 0)
      guard case .accepted(let readings, _) = harness.json(text, at: time) else {
        Issue.record("seed \(seed), round \(round): a dead letter: \(text)")
        continue
      }
      #expect(readings == expected.count, "seed \(seed), round \(round): \(text)")
      let found = harness.stored(at: time).compactMapValues { readings in
        readings.last.flatMap { $0.time == time ? $0.value : nil }
      }
      #expect(found == expected, "seed \(seed), round \(round): \(text)")
    }
  }

  @Test func everyTornMessageIsADeadLetter() throws {
    let harness = try Harness()
    for seed in Self.seeds {
      let bytes = Array(seed.utf8)
      for end in 0..<bytes.count {
        guard case .deadLetter = harness.json(Array(bytes[..<end])) else {
          Issue.record("accepted up to \(end): \(seed)")
          continue
        }
      }
      #expect(harness.pipeline.pendingReadings == 0)
      guard case .accepted = harness.json(bytes) else {
        Issue.record("a dead letter: \(seed)")
        continue
      }
      harness.pipeline.flush(receivedAt: Harness.now)
    }
  }

  /// What is accepted is JSON, and what is JSON of the right shape is accepted.
  @Test(arguments: 0..<8)
  func mutatedMessagesAreReadOrRefused(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(1_000 + seed))
    let harness = try Harness(storage: StorageLimits(memoryBytes: 1 << 20, maximumSeriesPerDevice: 100))
    var accepted = 0
    for round in 0..<4_000 {
      var bytes = Array((Self.seeds.randomElement(using: &generator) ?? "").utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutate(&bytes, using: &generator) }
      let fault = fault(bytes)
      switch harness.json(bytes) {
      case .accepted:
        accepted += 1
        #expect(fault == nil, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
      case .deadLetter(let reason):
        if fault != nil {
          #expect([.invalidJSON, .tooDeep, .invalidTimestamp, .unexpectedShape].contains(reason.kind))
        } else {
          #expect(
            [.invalidTimestamp, .unexpectedShape].contains(reason.kind), "\(String(decoding: bytes, as: UTF8.self))")
        }
      }
      if round % 50 == 0 { harness.pipeline.flush(receivedAt: Harness.now) }
    }
    #expect(accepted > 100)
    #expect(accepted < 4_000)
  }

  @Test func randomBytesAreSurvived() throws {
    var generator = SeededGenerator(seed: 77)
    let harness = try Harness()
    let alphabet = Array(#"{}[]:,"\tfn-+.eE0123456789u d"#.utf8) + [0, 0x7F, 0x80, 0xC3, 0xED, 0xFF]
    for _ in 0..<10_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? 0
      }
      _ = harness.json(bytes)
      _ = harness.value(
        String(decoding: bytes, as: UTF8.self), levels: String(decoding: bytes.prefix(9), as: UTF8.self))
    }
    harness.pipeline.flush(receivedAt: Harness.now)
    #expect(harness.counters.totals.messages == 20_000)
  }

  private static func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
    let place = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 1 where !bytes.isEmpty: bytes.remove(at: place)
    case 2 where !bytes.isEmpty: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 3 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
    case 4: bytes.insert(Array(#"{}[]:,"\09.eE-"#.utf8).randomElement(using: &generator) ?? 0, at: place)
    default:
      let other = Int.random(in: place...bytes.count, using: &generator)
      bytes.insert(contentsOf: Array(bytes[place..<other]), at: place)
    }
  }
}

extension JSONTree {
  /// The value as the store holds it, nil for what has none of its own.
  fileprivate var value: Value? {
    switch self {
    case .number(let number): .number(number)
    case .boolean(let boolean): .boolean(boolean)
    case .text(let text): .text(text)
    case .null, .array, .object: nil
    }
  }
}

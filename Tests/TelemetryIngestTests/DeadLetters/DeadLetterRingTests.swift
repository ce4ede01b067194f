import TelemetryIngest
import Testing

@Suite struct DeadLetterRingTests {
  func record(_ count: Int, bytes: Int = 10, in ring: DeadLetterRing) {
    for index in 0..<count {
      withBytes(of: "t/\(index)") { topic in
        withBytes(of: String(repeating: "x", count: bytes)) { payload in
          ring.record(topic: topic, device: nil, reason: .missingValue, payload: payload, time: Int64(index))
        }
      }
    }
  }

  @Test(arguments: [(0, 0), (1, 1), (7, 7), (8, 8), (9, 8), (15, 8), (16, 8), (17, 8), (1_000, 8)])
  func keepsTheNewest(_ recorded: Int, _ kept: Int) {
    let ring = DeadLetterRing(maximumCount: 8)
    record(recorded, in: ring)
    let snapshot = ring.snapshot()
    #expect(snapshot.total == UInt64(recorded))
    #expect(snapshot.kept == kept)
    #expect(snapshot.letters.map(\.time) == (recorded - kept..<recorded).reversed().map(Int64.init))
    #expect(snapshot.letters.map(\.number) == (recorded - kept..<recorded).reversed().map { UInt64($0 + 1) })
  }

  @Test func isBoundedInBytes() {
    let ring = DeadLetterRing(maximumCount: 10_000, maximumBytes: 8_192)
    record(1_000, bytes: 2_000, in: ring)
    let letters = ring.snapshot().letters
    let bytes = letters.reduce(0) { $0 + $1.payloadPrefix.count + $1.topic.utf8.count }
    #expect(!letters.isEmpty)
    #expect(bytes <= 8_192)
    #expect(letters.first?.number == 1_000)
  }

  @Test func isReadInPages() {
    let ring = DeadLetterRing(maximumCount: 100)
    record(250, in: ring)
    var seen: [UInt64] = []
    var before = UInt64.max
    while let last = ring.snapshot(before: before, limit: 7).letters.last {
      seen += ring.snapshot(before: before, limit: 7).letters.map(\.number)
      before = last.number
    }
    #expect(seen == (151...250).reversed())
    #expect(ring.snapshot(limit: 0).letters.isEmpty)
  }

  @Test func longTopicsAreCutAndBrokenOnesRepaired() {
    let ring = DeadLetterRing()
    let topic = [0xFF] + [UInt8](repeating: UInt8(ascii: "t"), count: 70_000)
    topic.withUnsafeBytes { topic in
      withBytes(of: "") { ring.record(topic: topic, device: "d", reason: .missingValue, payload: $0, time: 0) }
    }
    #expect(ring.snapshot().letters.first?.topic == "\u{FFFD}" + String(repeating: "t", count: 1_023))
  }

  @Test func everyKindHasItsOwnLabel() {
    let labels = DeadLetterReason.Kind.allCases.map(\.label)
    #expect(Set(labels).count == labels.count)
    for label in labels { #expect(label.allSatisfy { $0.isLowercase || $0 == "_" }) }
    var counts = DeadLetterCounts()
    for (index, kind) in DeadLetterReason.Kind.allCases.enumerated() { counts[kind] += UInt64(index + 1) }
    for (index, kind) in DeadLetterReason.Kind.allCases.enumerated() { #expect(counts[kind] == UInt64(index + 1)) }
    #expect(counts.total == 36)
  }
}

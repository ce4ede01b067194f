import Testing
import TimeSeriesTestSupport

@testable import TimeSeriesStorage

@Suite struct RollupTests {
  private static let minutes: [[Int64]] = [
    [0, 0, 60_000], [59_999, 0, 60_000], [60_000, 60_000, 120_000], [-1, -60_000, 0], [-60_000, -60_000, 0],
    [-60_001, -120_000, -60_000], [.max, .max - .max % 60_000, .max], [.min, .min, .min - .min % 60_000],
  ]

  @Test(arguments: minutes)
  func everyTimeIsInOneMinute(_ row: [Int64]) {
    let (time, start, end) = (row[0], row[1], row[2])
    #expect(RollupLevel.minute.start(of: time) == start)
    #expect(RollupLevel.minute.end(of: time) == end)
  }

  @Test func readingsAreSummedUpByBucket() {
    var builder = RollupBuilder(.minute)
    let values: [Value] = [
      .number(3), .number(-1.5), .number(.nan), .boolean(true), .text("on"), .number(.nan), .text("off"),
      .number(.infinity),
    ]
    let times: [Int64] = [-1, 0, 1, 59_999, 60_000, 180_000, 240_000, 300_000]
    for (time, value) in zip(times, values) { builder.add(.of(time, value)) }
    let found = builder.finish()
    let expected: [Rollup] = [
      Rollup(start: -60_000, count: 1, numbers: 1, minimum: 3, maximum: 3, sum: 3, last: .number(3)),
      Rollup(start: 0, count: 3, numbers: 3, minimum: -1.5, maximum: 1, sum: .nan, last: .boolean(true)),
      Rollup(start: 60_000, count: 1, numbers: 0, minimum: nil, maximum: nil, sum: 0, last: .text("on")),
      Rollup(start: 180_000, count: 1, numbers: 1, minimum: nil, maximum: nil, sum: .nan, last: .number(.nan)),
      Rollup(start: 240_000, count: 1, numbers: 0, minimum: nil, maximum: nil, sum: 0, last: .text("off")),
      Rollup(
        start: 300_000, count: 1, numbers: 1, minimum: .infinity, maximum: .infinity, sum: .infinity,
        last: .number(.infinity)),
    ]
    #expect(found.map(\.pattern) == expected.map(\.pattern))
  }

  @Test func hoursAreSummedUpFromMinutes() {
    var readings = RollupBuilder(.hour)
    var minutes = RollupBuilder(.minute)
    var random = SeededGenerator(seed: 7)
    var time: Int64 = -7_200_000
    for _ in 0..<5_000 {
      time += Int64.random(in: 1...20_000, using: &random)
      let columns = ReadingColumns.of(time, .number(Double(Int.random(in: -400...400, using: &random)) / 4))
      readings.add(columns)
      minutes.add(columns)
    }
    var hours = RollupBuilder(.hour)
    for minute in minutes.finish() { hours.add(minute) }
    #expect(hours.finish().map(\.pattern) == readings.finish().map(\.pattern))
  }

  @Test func moreReadingsWinAndTheNewerOfAsMany() {
    func rollup(_ start: Int64, count: Int, _ last: Double) -> Rollup {
      Rollup(start: start, count: count, numbers: count, minimum: last, maximum: last, sum: last, last: .number(last))
    }
    let stored = [rollup(0, count: 5, 1), rollup(60_000, count: 5, 1), rollup(120_000, count: 5, 1)]
    let computed = [rollup(60_000, count: 4, 2), rollup(120_000, count: 5, 2), rollup(180_000, count: 1, 2)]
    #expect(Rollup.merged(stored: stored, computed: computed) == [stored[0], stored[1], computed[1], computed[2]])
  }

  // MARK: Segments

  @Test(arguments: 0..<200)
  func aSegmentIsReadAsItWasWritten(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let rollups = Self.rollups(&random)
    let segment = try RollupSegment(RollupSegment.encode(rollups))
    #expect(try segment.rollups().map(\.pattern) == rollups.map(\.pattern))
    #expect(try segment.column(.maximum).count == rollups.count)
  }

  @Test func aSegmentOfSingleReadingsHoldsThemOnce() {
    let rollups = (0..<512).map { index in
      let value = Double(index % 97) / 10
      return Rollup(
        start: Int64(index) * 60_000, count: 1, numbers: 1, minimum: value, maximum: value, sum: value,
        last: .number(value))
    }
    let values = Block(capacity: rollups.count, kind: .number)
    for rollup in rollups { values.insert(StoredReading(time: rollup.start, value: rollup.last), at: values.count) }
    let chunk = Chunk.encode(values, 0..<values.count).bytes.count
    #expect(RollupSegment.encode(rollups).count < chunk + 128)
  }

  @Test(arguments: 0..<8)
  func aDamagedSegmentIsAnErrorOrOtherBuckets(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let bytes = RollupSegment.encode(Self.rollups(&random))
    for length in 0..<bytes.count {
      #expect((try? RollupSegment(Array(bytes[..<length])).rollups()) == nil)
    }
    for _ in 0..<200 {
      var damaged = bytes
      damaged[Int.random(in: 0..<damaged.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      _ = try? RollupSegment(damaged).rollups()
    }
  }

  private static func rollups(_ random: inout SeededGenerator) -> [Rollup] {
    let isSparse = Bool.random(using: &random)
    let kinds = Int.random(in: 0..<3, using: &random)
    var start = Int64.random(in: -10...10, using: &random) * 3_600_000
    return (0..<Int.random(in: 1...600, using: &random)).map { _ in
      start += 60_000 * (isSparse ? Int64.random(in: 1...5_000, using: &random) : 1)
      let count = Int.random(in: 1...20, using: &random)
      let last: Value =
        switch Int.random(in: 0...kinds, using: &random) {
        case 0: .number(Double(Int.random(in: 0...1_000, using: &random)) / 10)
        case 1: .boolean(Bool.random(using: &random))
        default: .text("state \(Int.random(in: 0..<5, using: &random))")
        }
      let numbers = kinds == 0 ? count : Int.random(in: 0...count, using: &random)
      let number = Double.random(in: -100...100, using: &random)
      return Rollup(
        start: start, count: count, numbers: numbers, minimum: numbers == 0 ? nil : number,
        maximum: numbers == 0 ? nil : number + 1, sum: numbers == 0 ? 0 : number * Double(count), last: last)
    }
  }
}

extension Rollup {
  /// Tells apart what is equal and not the same, and not-a-numbers are the same.
  var pattern: String {
    let numbers = [minimum, maximum, sum].map { $0.map { $0.isNaN ? "nan" : "\($0.bitPattern)" } ?? "none" }
    return "\(start) \(count) \(self.numbers) \(numbers) \(last)"
  }
}

extension ReadingColumns {
  fileprivate static func of(_ time: Int64, _ value: Value) -> ReadingColumns {
    var editor = BlockEditor()
    return ReadingColumns(editor.makeBlock(StoredReading(time: time, value: value), capacity: 1), 0..<1)
  }
}

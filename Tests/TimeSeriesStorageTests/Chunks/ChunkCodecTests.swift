import Testing
import TimeSeriesTestSupport

@testable import TimeSeriesStorage

@Suite struct ChunkCodecTests {
  private static let even = (0..<256).map { Int64(1_700_000_000_000 + $0 * 10_000) }

  private static func times(_ count: Int) -> [Int64] { Array(even.prefix(count)) }

  private static func evenly(_ count: Int = 256, _ value: (Int) -> Double) -> ChunkReadings {
    ChunkReadings(times(count), (0..<count).map(value))
  }

  private static func evenly(_ values: [Double]) -> ChunkReadings { evenly(values.count) { values[$0] } }

  static let series: [(name: String, readings: ChunkReadings)] = [
    ("one reading", evenly([21.5])),
    ("constant", evenly { _ in 21.5 }),
    ("tenths", evenly { Double(200 + $0 % 7) / 10 }),
    ("a counter", evenly { Double(12_345_681 + 2 * $0) / 1_000 }),
    ("sums of tenths", evenly { place in (0..<place).reduce(0.0) { sum, _ in sum + 0.1 } }),
    ("thirds", evenly { Double($0) / 3 }),
    ("small and large", evenly([.leastNonzeroMagnitude, 1e308, -1e308, 1e15, 1e22, 1e23])),
    ("what is no number", evenly([.nan, -Double.nan, .signalingNaN, .infinity, -.infinity, -0.0, 0])),
    ("payloads of NaN among decimals", evenly([21.5, Double(nan: 0x1234, signaling: false), 22])),
    ("every scale", evenly(20) { 1 / [1, 1e3, 1e9, 1e15, 1e22][$0 % 5] }),
    ("large whole numbers", evenly([0x1p51, 0x1p53, 0x1p53 + 2, -0x1p60])),
    ("the ends of time", ChunkReadings([.min, -1, 0, 1, .max - 1, .max], [1.0, 2, 3, 4, 5, 6])),
    ("irregular times", ChunkReadings(irregular, irregular.map { Double($0) })),
  ]

  private static let irregular = (0..<Int64(256)).map { place in place * 2_000 + place * place * 37 % 1_009 }

  @Test(arguments: series.indices) func readsWhatWasWritten(index: Int) throws {
    let readings = Self.series[index].readings
    #expect(try ChunkReadings.decoded(readings.encoded) == readings, "\(Self.series[index].name)")
  }

  @Test(arguments: 0..<40) func readsWhateverWasWritten(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let readings = Self.random(&generator)
      #expect(try ChunkReadings.decoded(readings.encoded) == readings)
    }
  }

  /// A mixture of what sensors say, and of what nobody should.
  private static func random(_ generator: inout SeededGenerator) -> ChunkReadings {
    let count = Int.random(in: 1...300, using: &generator)
    let step = Int64.random(in: 1...100_000, using: &generator)
    let jitter = Int64.random(in: 0...2, using: &generator) * 50
    var time = Int64.random(in: -1_000_000_000_000...2_000_000_000_000, using: &generator)
    var value = Int64.random(in: -1_000...100_000, using: &generator)
    let scale = [1.0, 10, 100, 1e6, 3, 7.7][Int.random(in: 0..<6, using: &generator)]
    let walk = Int64.random(in: 0...1_000, using: &generator)
    let oddities = Int.random(in: 0...20, using: &generator)
    var readings = ChunkReadings([], [UInt64]())
    for _ in 0..<count {
      time += step + Int64.random(in: 0...jitter, using: &generator)
      value += Int64.random(in: -walk...walk, using: &generator)
      readings.times.append(time)
      let isOdd = oddities > 15 && Int.random(in: 0..<10, using: &generator) == 0
      readings.values.append(
        isOdd ? UInt64.random(in: 0 ... .max, using: &generator) : (Double(value) / scale).bitPattern)
    }
    return readings
  }

  // MARK: Size

  @Test func aReadingThatGoesOnAsBeforeTakesOneBit() {
    let short = ChunkReadings(Self.times(128), Array(repeating: 21.5, count: 128)).encoded
    let long = ChunkReadings(Self.even, Array(repeating: 21.5, count: 256)).encoded
    #expect(long.count - short.count <= 128 / 8 + 2)
  }

  @Test func decimalsTakeTheFewestDigits() throws {
    let bytes = ChunkReadings(Self.even, (0..<256).map { Double(20_000 + $0 % 9) / 100 }).encoded
    let (header, _) = try bytes.withUnsafeBytes { try ChunkHeader.read($0) }
    #expect(header.code == .decimal(DecimalScale(digits: 2)))
    #expect(!header.isCorrected)
  }

  @Test func decimalsThatSomebodyCalculatedWithStayDecimals() throws {
    let readings = Self.evenly { place in
      let hundredths = Double(20 + place % 9)
      return place % 5 == 0 ? hundredths * 0.01 + 0.07 : hundredths / 100
    }
    let (header, _) = try readings.encoded.withUnsafeBytes { try ChunkHeader.read($0) }
    #expect(header.code == .decimal(DecimalScale(digits: 2)))
    #expect(header.isCorrected)
    #expect(readings.encoded.count < 256 * 3 / 2)
  }

  // MARK: The summary

  @Test func aChunkSaysWhatItHolds() throws {
    let bytes = ChunkReadings(Self.times(4), [21.5, -3.25, 100, 0.1]).encoded
    let summary = try bytes.withUnsafeBytes { try ChunkHeader.read($0).header.summary }
    #expect(
      summary
        == ChunkSummary(
          count: 4, firstTime: Self.even[0], lastTime: Self.even[3], minimum: -3.25, maximum: 100, sum: 118.35))
  }

  @Test func aChunkOfNotANumbersHasNoExtremes() throws {
    let bytes = ChunkReadings(Self.times(2), [.nan, .nan]).encoded
    let summary = try bytes.withUnsafeBytes { try ChunkHeader.read($0).header.summary }
    #expect(summary.minimum == nil)
    #expect(summary.maximum == nil)
    #expect(summary.sum.isNaN)
  }

  // MARK: Damage

  @Test(arguments: series.indices) func aTornChunkIsSaidToBe(index: Int) {
    let bytes = Self.series[index].readings.encoded
    for length in 0..<bytes.count {
      #expect(throws: ChunkFault.self) { try ChunkReadings.decoded(Array(bytes.prefix(length))) }
    }
  }

  @Test(arguments: 0..<20) func damageNeverTraps(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      var bytes = Self.random(&generator).encoded
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0 ... .max, using: &generator)
      }
      // Whatever it says, it comes back.
      _ = try? ChunkReadings.decoded(bytes)
    }
  }

  @Test func aNewerFormatIsTold() {
    var bytes = ChunkReadings([0], [1.0]).encoded
    bytes[0] = 0x02
    #expect(throws: ChunkFault.unknownFormat(2)) { try ChunkReadings.decoded(bytes) }
  }
}

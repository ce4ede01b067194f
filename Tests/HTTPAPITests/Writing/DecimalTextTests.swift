import Testing

@testable import HTTPAPI

@Suite struct DecimalTextTests {
  private func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    DecimalText.append(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "-0"), (21.0, "21"), (21.5, "21.5"), (-3.25, "-3.25"), (0.1, "0.1"), (0.0001, "0.0001"),
    (0.00001, "1e-05"), (1.0001, "1.0001"), (1.00001, "1.00001"), (999_999_999, "999999999"), (1e9, "1000000000"),
    (123_456_789.0625, "123456789.0625"), (1e15, "1000000000000000"), (1e16, "1e+16"), (1e20, "1e+20"),
    (0.1 + 0.2, "0.30000000000000004"), (Double.leastNonzeroMagnitude, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
    (-0.05, "-0.05"),
  ])
  func writesTheShortestText(value: Double, expected: String) {
    #expect(text(value) == expected)
  }

  @Test func everyDoubleReadsBackAsItself() {
    var seeded = Seeded(state: 0xD0_0B)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: seeded.next())
      guard value.isFinite else { continue }
      #expect(Double(text(value))?.bitPattern == value.bitPattern)
    }
    for _ in 0..<20_000 {
      // As sensors have them: few decimals, off by a bit now and then.
      var value =
        Double(Int64(truncatingIfNeeded: seeded.next()) % 10_000_000)
        / [1, 10, 100, 1_000, 10_000, 100_000][
          Int(seeded.next() % 6)]
      if seeded.next() % 8 == 0 { value = value.nextUp }
      let written = text(value)
      #expect(Double(written)?.bitPattern == value.bitPattern)
      #expect(written.utf8.count <= value.description.utf8.count)
    }
  }

  @Test(arguments: [(Int64.min, "-9223372036854775808"), (Int64.max, "9223372036854775807"), (0, "0"), (-7, "-7")])
  func writesIntegers(value: Int64, expected: String) {
    var bytes: [UInt8] = []
    DecimalText.append(value, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }
}

extension Duration {
  /// Reads `500ms`, `1s`, `5m`, `2h` or `1d`; decimals are allowed (`0.5s`). nil for anything else, and for negative or
  /// absurd ones.
  public init?(text: some StringProtocol) {
    let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let digits = text.dropLast(unit.suffix.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2E }),
      let number = Double(digits), number.isFinite
    else { return nil }
    let milliseconds = (number * unit.seconds * 1000).rounded()
    guard milliseconds <= 1e14, let whole = Int64(exactly: milliseconds) else { return nil }
    self = .milliseconds(whole)
  }

  /// The shortest text that `init(text:)` reads back: `1s`, `1500ms`, `5m`.
  public var text: String {
    let milliseconds = wholeMilliseconds
    for (suffix, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
    where milliseconds != 0 && milliseconds % size == 0 {
      return "\(milliseconds / size)\(suffix)"
    }
    return "\(milliseconds)ms"
  }

  /// Whole milliseconds, the rest cut off.
  package var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    if overflow { return seconds < 0 ? .min : .max }
    return product + attoseconds / 1_000_000_000_000_000
  }
}

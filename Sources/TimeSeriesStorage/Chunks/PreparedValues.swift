/// The values of a chunk as the numbers that are to be written by one code.
struct PreparedValues {
  private(set) var code: ValueCode
  /// The first value: its mantissa, or its pattern.
  private(set) var first: UInt64 = 0
  /// The differences of all others from the one before.
  private(set) var differences: [UInt64] = []
  /// How far each value is from its decimal; empty where none is.
  private(set) var corrections: [UInt64] = []

  init(_ values: UnsafeBufferPointer<UInt64>, by code: ValueCode) {
    self.code = code
    differences.reserveCapacity(values.count)
    switch code {
    case .pattern: preparePatterns(values)
    case .decimal(let scale): prepareDecimals(values, scale)
    }
  }

  private mutating func preparePatterns(_ values: UnsafeBufferPointer<UInt64>) {
    guard !values.isEmpty else { return }
    first = values[0]
    var former = first
    for value in values.dropFirst() {
      differences.append(ZigZag.encode(Int64(bitPattern: value &- former)))
      former = value
    }
  }

  private mutating func prepareDecimals(_ values: UnsafeBufferPointer<UInt64>, _ scale: DecimalScale) {
    var former: Int64 = 0
    var isExact = true
    for (place, value) in values.enumerated() {
      // What is no decimal at all is wholly a correction of the one before.
      let mantissa = scale.mantissa(of: value) ?? former
      if place == 0 { first = ZigZag.encode(mantissa) } else { differences.append(ZigZag.encode(mantissa &- former)) }
      former = mantissa
      let correction = value &- scale.bits(of: mantissa)
      if isExact, correction != 0 {
        isExact = false
        corrections.reserveCapacity(values.count)
        corrections.append(contentsOf: repeatElement(0, count: place))
      }
      if !isExact { corrections.append(ZigZag.encode(Int64(bitPattern: correction))) }
    }
  }

  /// About how many bits they take.
  var estimate: Int {
    differences.withUnsafeBufferPointer { RiceCode.best(for: $0).bits }
      + corrections.withUnsafeBufferPointer { RiceCode.best(for: $0).bits }
  }

  /// The values by the code that takes the fewest bits, or nearly.
  static func best(of values: UnsafeBufferPointer<UInt64>) -> PreparedValues {
    if let scale = DecimalScale.common(to: values) {
      return PreparedValues(values, by: .decimal(scale))
    }
    // What is somewhat dirty is still best as decimals; by how many digits, a part of the values says.
    let sample = UnsafeBufferPointer(rebasing: values[(values.count * 3 / 8)..<(values.count * 5 / 8)])
    let source = sample.count < 16 ? values : sample
    let scales = (0...DecimalScale.maximumDigits).map { DecimalScale(digits: $0) }
    let estimates = scales.map { PreparedValues(source, by: .decimal($0)).estimate }
    let pattern = PreparedValues(values, by: .pattern)
    guard let place = estimates.indices.min(by: { estimates[$0] < estimates[$1] }) else { return pattern }
    let decimal = PreparedValues(values, by: .decimal(scales[place]))
    return decimal.estimate < pattern.estimate ? decimal : pattern
  }
}

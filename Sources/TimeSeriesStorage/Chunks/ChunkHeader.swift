/// What stands before a chunk's bits.
struct ChunkHeader: Equatable {
  static let format: UInt8 = 1
  static let maximumCount = 4_096
  private static let correctedFlag: UInt8 = 0x80
  private static let patternCode: UInt8 = 0x40

  var kind: ColumnKind
  var summary: ChunkSummary
  /// The first value: its mantissa, zigzag, or its pattern.
  var first: UInt64
  var firstCorrection: UInt64
  var code: ValueCode
  var isCorrected: Bool
  var stepCode: RiceCode
  var differenceCode: RiceCode
  var correctionCode: RiceCode

  func write(to bytes: inout [UInt8]) {
    bytes.append(Self.format | kind.rawValue << 4)
    switch code {
    case .decimal(let scale): bytes.append(UInt8(scale.digits) | (isCorrected ? Self.correctedFlag : 0))
    case .pattern: bytes.append(Self.patternCode)
    }
    bytes.append(UInt8(stepCode.parameter))
    bytes.append(UInt8(differenceCode.parameter))
    if isCorrected { bytes.append(UInt8(correctionCode.parameter)) }
    VariableLength.write(UInt64(summary.count), to: &bytes)
    VariableLength.write(ZigZag.encode(summary.firstTime), to: &bytes)
    VariableLength.write(UInt64(bitPattern: summary.lastTime &- summary.firstTime), to: &bytes)
    writeValue(first, to: &bytes)
    if isCorrected { VariableLength.write(firstCorrection, to: &bytes) }
    for value in [summary.minimum, summary.maximum] { write(extreme: value, to: &bytes) }
    withUnsafeBytes(of: summary.sum.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private func writeValue(_ value: UInt64, to bytes: inout [UInt8]) {
    if case .decimal = code {
      VariableLength.write(value, to: &bytes)
    } else {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  /// An exact decimal by its mantissa; any other by its pattern, NaN where there is none.
  private func write(extreme value: Double?, to bytes: inout [UInt8]) {
    if case .decimal(let scale) = code, !isCorrected, let value, let mantissa = scale.mantissa(of: value.bitPattern) {
      VariableLength.write(ZigZag.encode(mantissa), to: &bytes)
    } else {
      withUnsafeBytes(of: (value ?? .nan).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  /// Reads a header; says at which byte the bits begin.
  static func read(_ bytes: UnsafeRawBufferPointer) throws(ChunkFault) -> (header: ChunkHeader, end: Int) {
    var reader = HeaderReader(bytes)
    let start = try reader.byte()
    guard start & 0x0F == format else { throw .unknownFormat(start & 0x0F) }
    guard let kind = ColumnKind(rawValue: start >> 4) else { throw .damaged("kind \(start >> 4)") }
    let codeByte = try reader.byte()
    let isCorrected = codeByte & correctedFlag != 0
    let code: ValueCode
    switch codeByte & ~correctedFlag {
    case patternCode where !isCorrected: code = .pattern
    case let digits where Int(digits) <= DecimalScale.maximumDigits: code = .decimal(DecimalScale(digits: Int(digits)))
    default: throw .damaged("value code \(codeByte)")
    }
    let stepCode = try reader.riceCode()
    let differenceCode = try reader.riceCode()
    let correctionCode = isCorrected ? try reader.riceCode() : RiceCode(parameter: 0)
    let count = try reader.number()
    guard (1...UInt64(maximumCount)).contains(count) else { throw .damaged("\(count) readings") }
    let firstTime = ZigZag.decode(try reader.number())
    let lastTime = firstTime &+ Int64(bitPattern: try reader.number())
    guard lastTime >= firstTime else { throw .damaged("an end before its beginning") }
    let first = code == .pattern ? try reader.word() : try reader.number()
    let firstCorrection = isCorrected ? try reader.number() : 0
    func extreme() throws(ChunkFault) -> Double? {
      if case .decimal(let scale) = code, !isCorrected {
        return Double(bitPattern: scale.bits(of: ZigZag.decode(try reader.number())))
      }
      let value = Double(bitPattern: try reader.word())
      return value.isNaN ? nil : value
    }
    let minimum = try extreme()
    let maximum = try extreme()
    let sum = Double(bitPattern: try reader.word())
    let summary = ChunkSummary(
      count: Int(count), firstTime: firstTime, lastTime: lastTime, minimum: minimum, maximum: maximum, sum: sum)
    let header = ChunkHeader(
      kind: kind, summary: summary, first: first, firstCorrection: firstCorrection, code: code,
      isCorrected: isCorrected, stepCode: stepCode, differenceCode: differenceCode, correctionCode: correctionCode)
    return (header, reader.offset)
  }
}

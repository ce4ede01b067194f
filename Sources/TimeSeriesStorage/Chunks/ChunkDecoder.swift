/// Reads chunks (docs/chunk-format.md).
enum ChunkDecoder {
  /// Writes the readings of a chunk to `times` and `values`, which have room for `header.summary.count` of them.
  static func decode(
    _ header: ChunkHeader, bitsFrom offset: Int, of bytes: UnsafeRawBufferPointer,
    times: UnsafeMutablePointer<Int64>, values: UnsafeMutablePointer<UInt64>
  ) throws(ChunkFault) {
    var reader = BitReader(bytes, fromByte: offset)
    switch header.code {
    case .pattern:
      decode(
        header, &reader, times, values, first: header.first, isCorrected: false, bits: { $0 })
    case .decimal(let scale) where scale.digits == 0:
      decodeDecimals(header, &reader, times, values) { Double($0).bitPattern }
    case .decimal(let scale):
      let power = scale.power
      decodeDecimals(header, &reader, times, values) { (Double($0) / power).bitPattern }
    }
    let last = times[header.summary.count - 1]
    guard !reader.isPastEnd, last == header.summary.lastTime else { throw .damaged("the bits of its readings") }
  }

  @inline(__always)
  private static func decodeDecimals(
    _ header: ChunkHeader, _ reader: inout BitReader, _ times: UnsafeMutablePointer<Int64>,
    _ values: UnsafeMutablePointer<UInt64>, bits: (Int64) -> UInt64
  ) {
    let first = UInt64(bitPattern: ZigZag.decode(header.first))
    // A loop of its own for each: the usual chunk has no corrections.
    if header.isCorrected {
      decode(
        header, &reader, times, values, first: first, isCorrected: true, bits: { bits(Int64(bitPattern: $0)) })
    } else {
      decode(
        header, &reader, times, values, first: first, isCorrected: false, bits: { bits(Int64(bitPattern: $0)) })
    }
  }

  /// `bits` makes a value's pattern of its number.
  @inline(__always)
  private static func decode(
    _ header: ChunkHeader, _ source: inout BitReader, _ times: UnsafeMutablePointer<Int64>,
    _ values: UnsafeMutablePointer<UInt64>, first: UInt64, isCorrected: Bool,
    bits: (UInt64) -> UInt64
  ) {
    var time = header.summary.firstTime
    var step: Int64 = 0
    var number = first
    var pattern = bits(number)
    if isCorrected { pattern = pattern &+ UInt64(bitPattern: ZigZag.decode(header.firstCorrection)) }
    times[0] = time
    values[0] = pattern
    let count = header.summary.count
    // Of its own, so that it stays in registers.
    var reader = source
    defer { source = reader }
    let differenceCode = header.differenceCode
    let correctionCode = header.correctionCode
    let turnsOfWord =
      57 / (2 + differenceCode.maximumShortBits + (isCorrected ? correctionCode.maximumShortBits : 0))
    var place = 1
    while place < count {
      // Most readings: a step later, and another value. One word has the bits of several, always as many: a number that
      // depended on them would be guessed wrong by the processor again and again.
      if var window = reader.wholeWindow {
        var turns = min(turnsOfWord, count &- place)
        var taken = 0
        while turns > 0, window >> 62 == 0b01, let (difference, bitCount) = differenceCode.read(fromTopOf: window &<< 2)
        {
          var bitsOfReading = bitCount &+ 2
          var correction: UInt64 = 0
          if isCorrected {
            let rest = window &<< UInt64(truncatingIfNeeded: bitsOfReading)
            guard let (found, bitCount) = correctionCode.read(fromTopOf: rest) else { break }
            correction = UInt64(bitPattern: ZigZag.decode(found))
            bitsOfReading &+= bitCount
          }
          turns &-= 1
          taken &+= bitsOfReading
          window = window &<< UInt64(truncatingIfNeeded: bitsOfReading)
          time = time &+ step
          number = number &+ UInt64(bitPattern: ZigZag.decode(difference &+ (isCorrected ? 0 : 1)))
          pattern = bits(number) &+ correction
          times[place] = time
          values[place] = pattern
          place &+= 1
        }
        reader.skip(taken)
        if taken > 0 { continue }
      }
      let window = reader.window
      if window >> 63 != 0 {
        let same = min((~window).leadingZeroBitCount, count &- place, 57)
        for _ in 0..<same {
          time = time &+ step
          times[place] = time
          values[place] = pattern
          place += 1
        }
        reader.skip(same)
        continue
      }
      reader.skip(2)
      var least: UInt64 = isCorrected ? 0 : 1
      if window & (1 << 62) == 0 {
        step = step &+ ZigZag.decode(header.stepCode.read(from: &reader) &+ 1)
        least = 0
      }
      time = time &+ step
      number = number &+ UInt64(bitPattern: ZigZag.decode(differenceCode.read(from: &reader) &+ least))
      pattern = bits(number)
      if isCorrected {
        pattern = pattern &+ UInt64(bitPattern: ZigZag.decode(correctionCode.read(from: &reader)))
      }
      times[place] = time
      values[place] = pattern
      place += 1
    }
  }
}

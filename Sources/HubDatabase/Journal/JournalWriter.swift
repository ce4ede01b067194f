import TimeSeriesStorage

/// Writes a batch of readings as one row of the journal (docs/database-format.md, "The journal").
///
/// Its memory is used again for every batch.
@safe
final class JournalWriter {
  static let format: UInt8 = 1
  /// The most that a number or boolean takes: two variable-length numbers and a pattern.
  private static let maximumReadingBytes = 10 + 10 + 8
  private static let maximumFrameBytes = 20

  private var base: UnsafeMutablePointer<UInt8>
  private var capacity = 64 << 10
  private var count = 0

  init() { base = .allocate(capacity: capacity) }

  deinit { base.deallocate() }

  /// What was written last; valid until the next `write`.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// - Parameter number: the number that the file has for a series.
  func write(_ batch: GatheredReadings, number: (SeriesID) -> Int64) {
    reserve(
      1 + batch.frames.count * Self.maximumFrameBytes + batch.readings.count * Self.maximumReadingBytes
        + batch.textBytes + CheckedBlob.checksumBytes)
    count = 0
    append(Self.format)
    var place = 0
    var formerReceived: Int64 = 0
    var formerSeries: Int64 = 0
    var formerTime: Int64 = 0
    batch.readings.withUnsafeBufferPointer { readings in
      for frame in batch.frames {
        append(variableLength: Self.zigzag(frame.receivedAt &- formerReceived))
        append(variableLength: UInt64(frame.count))
        formerReceived = frame.receivedAt
        for reading in readings[place..<place + frame.count] {
          let series = number(reading.series)
          let kind = JournalKind(reading)
          append(variableLength: Self.zigzag(series &- formerSeries) << 2 | UInt64(kind.rawValue))
          append(variableLength: Self.zigzag(reading.time &- formerTime))
          formerSeries = series
          formerTime = reading.time
          switch kind {
          case .number: append(pattern: reading.bits)
          case .text: append(text: batch.texts[Int(reading.bits)])
          case .false, .true: break
          }
        }
        place += frame.count
      }
    }
    let checksum = CRC32C.checksum(of: bytes)
    UnsafeMutableRawPointer(base + count).storeBytes(of: checksum.littleEndian, as: UInt32.self)
    count += CheckedBlob.checksumBytes
  }

  private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

  /// Memory that is kept from batch to batch.
  private static let keptBytes = 512 << 10

  private func reserve(_ needed: Int) {
    guard needed > capacity || (capacity > Self.keptBytes && needed <= Self.keptBytes) else { return }
    base.deallocate()
    capacity = needed
    base = .allocate(capacity: capacity)
  }

  private func append(_ byte: UInt8) {
    base[count] = byte
    count += 1
  }

  private func append(variableLength value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  private func append(pattern: UInt64) {
    UnsafeMutableRawPointer(base + count).storeBytes(of: pattern.littleEndian, as: UInt64.self)
    count += 8
  }

  private func append(text: String) {
    var text = text
    text.withUTF8 { bytes in
      append(variableLength: UInt64(bytes.count))
      if let start = bytes.baseAddress { (base + count).update(from: start, count: bytes.count) }
      count += bytes.count
    }
  }
}

/// The two lowest bits of a reading in the journal.
enum JournalKind: UInt8 {
  case number = 0
  case `false` = 1
  case `true` = 2
  case text = 3

  init(_ reading: PendingReading) {
    self =
      switch reading.kind {
      case .number: .number
      case .boolean: reading.bits == 0 ? .false : .true
      case .text: .text
      }
  }
}

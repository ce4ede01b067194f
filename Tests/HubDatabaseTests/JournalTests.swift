import Testing
import TimeSeriesStorage

@testable import HubDatabase

@Suite struct JournalTests {
  /// Frames of readings of every kind, and what they must be after a round trip.
  private static func frames(_ random: inout SeededGenerator) -> [(receivedAt: Int64, batch: ReadingBatch)] {
    let extremes: [Int64] = [.min, .max, 0, -1, 1_700_000_000_000]
    return (0..<Int.random(in: 1...5, using: &random)).map { _ in
      var batch = ReadingBatch()
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        let series = SeriesID(rawValue: .random(in: 0...300, using: &random))
        let time =
          Bool.random(using: &random) ? .random(in: 0...9_999, using: &random) : extremes.randomElement(using: &random)!
        var reading = PendingReading(series: series, time: time, kind: .number, bits: 0, assignsUniqueTime: false)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: reading.bits = random.next()
        case 1:
          reading.kind = .boolean
          reading.bits = random.next() & 1
        default:
          reading.kind = .text
          reading.bits = UInt64(batch.texts.count)
          batch.texts.append(String(repeating: "ö", count: .random(in: 0...128, using: &random)))
        }
        batch.readings.append(reading)
      }
      return (extremes.randomElement(using: &random)!, batch)
    }
  }

  private static func written(_ frames: [(receivedAt: Int64, batch: ReadingBatch)]) -> [UInt8] {
    var gathered = GatheredReadings()
    for (receivedAt, batch) in frames { gathered.append(batch, receivedAt: receivedAt) }
    let writer = JournalWriter()
    // The file's numbers are others than the store's.
    writer.write(gathered) { Int64($0.rawValue) * 3 + 1 }
    return Array(writer.bytes.dropLast(CheckedBlob.checksumBytes))
  }

  private static func place(_ number: Int64) -> SeriesID? { UInt32(exactly: (number - 1) / 3).map(SeriesID.init) }

  private static func read(_ bytes: [UInt8]) throws(JournalFault) -> [(receivedAt: Int64, batch: ReadingBatch)] {
    var frames: [(receivedAt: Int64, batch: ReadingBatch)] = []
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(JournalFault) in
        var reader = try JournalReader(bytes)
        var batch = ReadingBatch()
        while let receivedAt = try reader.next(into: &batch, place: place) { frames.append((receivedAt, batch)) }
      }
    }
    try result.get()
    return frames
  }

  @Test(arguments: 0..<200) func whatIsReadIsWhatWasWritten(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let frames = Self.frames(&random)
    let read = try Self.read(Self.written(frames))
    #expect(read.map(\.receivedAt) == frames.map(\.receivedAt))
    for (found, expected) in zip(read, frames) {
      #expect(found.batch.readings == expected.batch.readings)
      #expect(found.batch.texts == expected.batch.texts)
    }
  }

  @Test func everyTruncationIsNoticedOrEndsBetweenFrames() throws {
    var random = SeededGenerator(seed: 7)
    let frames = Self.frames(&random)
    let bytes = Self.written(frames)
    var whole = 0
    for end in bytes.indices {
      if let read = try? Self.read(Array(bytes[..<end])) {
        whole += 1
        #expect(read.count < frames.count)
      }
    }
    // Those that end where a frame does.
    #expect(whole <= frames.count)
  }

  @Test(arguments: 0..<300) func damageNeverTraps(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var bytes = Self.written(Self.frames(&random))
    for _ in 0..<3 { bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random) }
    let frames = try? Self.read(bytes)
    #expect((frames?.count ?? 0) <= bytes.count)
  }

  @Test func anotherFormatIsRefused() {
    #expect(throws: JournalFault.self) { try Self.read([2, 0, 0]) }
    #expect(throws: JournalFault.self) { try Self.read([]) }
  }

  @Test func readingsOfUnknownSeriesAreLeftOut() throws {
    var batch = ReadingBatch()
    for series in [UInt32(1), 2, 1] {
      batch.readings.append(
        PendingReading(series: SeriesID(rawValue: series), time: 5, kind: .number, bits: 9, assignsUniqueTime: false))
    }
    var gathered = GatheredReadings()
    gathered.append(batch, receivedAt: 8)
    let writer = JournalWriter()
    writer.write(gathered) { Int64($0.rawValue) }
    var reader = try JournalReader(#require(CheckedBlob.content(of: writer.bytes)))
    var read = ReadingBatch()
    #expect(try reader.next(into: &read) { $0 == 1 ? SeriesID(rawValue: 1) : nil } == 8)
    #expect(read.readings == [batch.readings[0], batch.readings[2]])
  }
}

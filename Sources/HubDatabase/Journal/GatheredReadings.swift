import TimeSeriesStorage

/// Readings as event loops hand them over, one behind the other, until the writer takes them.
struct GatheredReadings {
  /// The readings of one append.
  struct Frame {
    /// Unix milliseconds.
    var receivedAt: Int64
    var count: Int
  }

  private(set) var readings: [PendingReading] = []
  private(set) var texts: [String] = []
  private(set) var frames: [Frame] = []
  /// At most what the texts take in the journal.
  private(set) var textBytes = 0

  var isEmpty: Bool { frames.isEmpty }

  /// Bytes of memory, about.
  var byteCount: Int { readings.count * MemoryLayout<PendingReading>.stride + textBytes + frames.count * 16 }

  mutating func append(_ batch: borrowing ReadingBatch, receivedAt: Int64) {
    guard !batch.readings.isEmpty else { return }
    let start = readings.count
    readings.append(contentsOf: batch.readings)
    frames.append(Frame(receivedAt: receivedAt, count: batch.readings.count))
    guard !batch.texts.isEmpty else { return }
    let firstText = texts.count
    texts += batch.texts
    for index in start..<readings.count where readings[index].kind == .text {
      let text = firstText + Int(readings[index].bits)
      readings[index].bits = UInt64(text)
      textBytes += texts[text].utf8.count + 10
    }
  }

  mutating func removeAll() {
    readings.removeAll(keepingCapacity: readings.capacity <= Self.keptReadings)
    texts.removeAll()
    frames.removeAll(keepingCapacity: frames.capacity <= Self.keptReadings)
    textBytes = 0
  }

  /// Memory that is kept from batch to batch: 192 KiB.
  private static let keptReadings = 8 << 10
}

import TimeSeriesStorage

/// Readings in the order they came: those that wait for the next flush, and behind them those of the message that is
/// being read, which stay only if all of it proves well-formed.
///
/// Memory is kept from message to message and from flush to flush.
struct StagedReadings: ~Copyable {
  /// Instead of a series: the reading will not be kept.
  static let dropped: UInt32 = .max
  /// Instead of a series: it is not known yet.
  static let unresolved: UInt32 = .max - 1

  /// Room for readings that is kept from flush to flush, as a number of them.
  static let keptCapacity = 65_536

  /// A reading whose series is not known yet.
  struct Unresolved {
    var reading: Int32
    var node: Int32
  }

  /// An object of the message whose own time is not believed.
  struct Redated {
    var start: Int
    var end: Int
    /// What the device said, Unix milliseconds.
    var time: Int64
  }

  let limits: IngestLimits
  private(set) var readings: UnsafeMutablePointer<PendingReading>
  private(set) var count = 0
  /// Where the readings of the message begin.
  private(set) var messageStart = 0
  private var capacity = 16
  /// The message's texts, one after another: a staged text reading's bits are its offset here, and in the low 16 bits its length.
  private var text: UnsafeMutablePointer<UInt8>
  private var textCount = 0
  private var textCapacity = 256
  private(set) var unresolved: [Unresolved] = []
  private(set) var redated: [Redated] = []
  private(set) var hasTexts = false
  private(set) var hasDropped = false
  /// Whether `unresolved` or `redated` has any.
  private(set) var isUnsettled = false
  /// Copied and filled in: its initializer is another module's, and a call.
  private let blank = PendingReading(
    series: SeriesID(rawValue: dropped), time: 0, kind: .number, bits: 0, assignsUniqueTime: false)

  init(limits: IngestLimits) {
    self.limits = limits
    readings = .allocate(capacity: capacity)
    text = .allocate(capacity: textCapacity)
  }

  deinit {
    readings.deallocate()
    text.deallocate()
  }

  /// Begins a message: what the last one staged beyond its readings is forgotten.
  mutating func beginMessage() {
    messageStart = count
    textCount = 0
    hasTexts = false
    hasDropped = false
    guard isUnsettled else { return }
    isUnsettled = false
    unresolved.removeAll(keepingCapacity: true)
    redated.removeAll(keepingCapacity: true)
  }

  /// Adds a reading, and returns its place.
  @inline(__always)
  mutating func append(
    series: SeriesID, time: Int64, assignsUniqueTime: Bool, kind: PendingReading.Kind, bits: UInt64
  ) throws(DeadLetterReason) -> Int32 {
    // One of the two is a matter of memory, the other of the message.
    if count == capacity { grow() }
    guard count &- messageStart < limits.maximumReadingsPerMessage else {
      throw .tooManyReadings(limit: limits.maximumReadingsPerMessage)
    }
    var reading = blank
    reading.series = series
    reading.time = time
    reading.assignsUniqueTime = assignsUniqueTime
    reading.kind = kind
    reading.bits = bits
    (readings + count).initialize(to: reading)
    count += 1
    return Int32(truncatingIfNeeded: count - 1)
  }

  @inline(never)
  private mutating func grow() {
    let grown = UnsafeMutablePointer<PendingReading>.allocate(capacity: capacity * 2)
    grown.moveInitialize(from: readings, count: count)
    readings.deallocate()
    readings = grown
    capacity *= 2
  }

  /// The message proved malformed: its readings are gone.
  mutating func discardMessage() {
    count = messageStart
  }

  /// Moves all readings into a batch.
  mutating func move(to batch: inout ReadingBatch) {
    batch.readings.append(contentsOf: UnsafeBufferPointer(start: readings, count: count))
    count = 0
    messageStart = 0
    guard capacity > Self.keptCapacity else { return }
    readings.deallocate()
    capacity = 16
    readings = .allocate(capacity: capacity)
  }

  /// Puts another value in the place of one staged before.
  mutating func replace(at index: Int32, kind: PendingReading.Kind, bits: UInt64) {
    readings[Int(index)].kind = kind
    readings[Int(index)].bits = bits
  }

  /// Notes that the next reading's series is not known yet.
  @inline(never)
  mutating func noteUnresolved(_ node: Int32) {
    isUnsettled = true
    unresolved.append(Unresolved(reading: Int32(count), node: node))
  }

  /// Notes that the time of the readings from `start` on is not believed.
  @inline(never)
  mutating func noteRedated(from start: Int, time: Int64) {
    isUnsettled = true
    redated.append(Redated(start: start, end: count, time: time))
  }

  /// Room for a text's bytes, to be kept by `keepText`.
  mutating func textSpace(_ bytes: Int) -> UnsafeMutablePointer<UInt8> {
    if textCount + bytes > textCapacity {
      let capacity = max(textCapacity * 2, textCount + bytes)
      let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
      grown.update(from: text, count: textCount)
      text.deallocate()
      text = grown
      textCapacity = capacity
    }
    return text + textCount
  }

  /// Keeps the bytes just written to `textSpace`, and returns the bits of their reading.
  mutating func keepText(_ bytes: Int) -> UInt64 {
    hasTexts = true
    defer { textCount += bytes }
    return UInt64(textCount) << 16 | UInt64(bytes)
  }

  /// The text of a reading's bits.
  func text(of bits: UInt64) -> String {
    let bytes = UnsafeBufferPointer(start: text + Int(bits >> 16), count: Int(bits & 0xFFFF))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Marks readings as not to be kept.
  @inline(never)
  mutating func drop(_ range: Range<Int>) {
    for index in range { readings[index].series = SeriesID(rawValue: Self.dropped) }
    if !range.isEmpty { hasDropped = true }
  }

  /// Gives the readings from `start` on their time.
  func setTime(_ time: Int64, assignsUniqueTime: Bool, from start: Int) {
    for index in start..<count {
      readings[index].time = time
      readings[index].assignsUniqueTime = assignsUniqueTime
    }
  }

  /// Takes out the dropped ones of the message.
  mutating func compact() {
    var kept = messageStart
    for index in messageStart..<count where readings[index].series.rawValue != Self.dropped {
      readings[kept] = readings[index]
      kept += 1
    }
    count = kept
  }
}

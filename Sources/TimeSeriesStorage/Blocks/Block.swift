/// Readings of one series in columns, as a rule up to 256, sorted by time, no time twice.
///
/// One allocation of `capacity` words of time, `capacity` words of value and, in a mixed block, `capacity` bytes of kind.
/// A reader holds a reference and a range of positions, and reads without a lock: what a block holds at a position never
/// changes while somebody else holds the block. Appending fills positions past every reader's range; any other change is
/// made in place only where the block is uniquely referenced, and else in a copy.
///
/// `@unchecked`: changes happen under the shard's lock, by the rule above.
@safe
final class Block: @unchecked Sendable {
  static let maximumCapacity = 256

  /// The block of a series without readings, and of a place left by an evicted block.
  static let none = Block(capacity: 0, kind: .number)

  let capacity: Int
  let kind: ColumnKind
  /// Readings held. Of a series' open block only up to date after `Series.synchronizeOpen()`.
  var count = 0
  /// Bytes of the texts held.
  private(set) var textBytes = 0
  let columns: UnsafeMutableRawPointer

  init(capacity: Int, kind: ColumnKind) {
    self.capacity = capacity
    self.kind = kind
    columns = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, Self.columnBytes(capacity: capacity, kind: kind)), alignment: 8)
  }

  deinit {
    releaseTexts(0..<count)
    columns.deallocate()
  }

  /// Bytes of memory: columns with their unused capacity, texts, this object, and the allocator's own headers.
  var byteSize: Int { Self.fixedBytes(capacity: capacity, kind: kind) + textBytes }

  static func fixedBytes(capacity: Int, kind: ColumnKind) -> Int {
    capacity == 0 ? 0 : 64 + 16 + (columnBytes(capacity: capacity, kind: kind) + 15) / 16 * 16
  }

  /// The capacity of a block that is to hold `count` readings.
  static func capacity(for count: Int) -> Int {
    var capacity = capacity(after: 0)
    while capacity < count, capacity < maximumCapacity { capacity = self.capacity(after: capacity) }
    return max(capacity, count)
  }

  private static func columnBytes(capacity: Int, kind: ColumnKind) -> Int {
    capacity * (kind == .mixed ? 17 : 16)
  }

  /// The next larger capacity: few readings stay small, many soon fill whole blocks.
  static func capacity(after capacity: Int) -> Int {
    capacity == 0 ? 4 : min(capacity * 4, maximumCapacity)
  }

  // MARK: Columns

  var times: UnsafeMutablePointer<Int64> { columns.assumingMemoryBound(to: Int64.self) }

  var values: UnsafeMutableRawPointer { columns + capacity * 8 }
  private var kinds: UnsafeMutableRawPointer { columns + capacity * 16 }

  func time(at position: Int) -> Int64 { times[position] }

  func bits(at position: Int) -> UInt64 { values.load(fromByteOffset: position * 8, as: UInt64.self) }

  func kind(at position: Int) -> PendingReading.Kind {
    let raw = kind == .mixed ? kinds.load(fromByteOffset: position, as: UInt8.self) : kind.rawValue
    return PendingReading.Kind(rawValue: raw) ?? .number
  }

  /// Whether the reading at `position` has just that value; a text is taken for another one.
  func isSame(_ reading: StoredReading, at position: Int) -> Bool {
    reading.kind != .text && kind(at: position) == reading.kind && bits(at: position) == reading.bits
  }

  /// The reading at `position`, with a reference of its own to a text.
  func reading(at position: Int) -> StoredReading {
    let reading = StoredReading(time: times[position], bits: bits(at: position), kind: kind(at: position))
    if reading.kind == .text { _ = StoredReading.textBox(reading.bits)?.retain() }
    return reading
  }

  func value(at position: Int) -> Value {
    let bits = bits(at: position)
    switch kind(at: position) {
    case .number: return .number(Double(bitPattern: bits))
    case .boolean: return .boolean(bits != 0)
    case .text: return .text(StoredReading.textBox(bits)?._withUnsafeGuaranteedRef { $0.text } ?? "")
    }
  }

  var firstTime: Int64 { times[0] }
  var lastTime: Int64 { times[count - 1] }

  /// The first position in `0..<end` whose time is not before `time`; `end` if there is none.
  func position(notBefore time: Int64, end: Int) -> Int {
    var low = 0
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Changes, under the shard's lock

  /// Whether the block can hold a reading of that kind.
  func accepts(_ reading: PendingReading.Kind) -> Bool { kind == .mixed || kind == ColumnKind(reading) }

  /// Puts a reading at `position` and moves those behind it; there is room, and order is the caller's matter.
  func insert(_ reading: StoredReading, at position: Int) {
    precondition(position <= count && count < capacity && accepts(reading.kind), "BUG: a block without room")
    let moved = count - position
    if moved > 0 {
      (times + position + 1).update(from: times + position, count: moved)
      (values + (position + 1) * 8).copyMemory(from: values + position * 8, byteCount: moved * 8)
      if kind == .mixed { (kinds + position + 1).copyMemory(from: kinds + position, byteCount: moved) }
    }
    count += 1
    set(reading, at: position)
  }

  /// Gives the reading at `position` another value; the time stays.
  func replace(_ reading: StoredReading, at position: Int) {
    precondition(position < count && accepts(reading.kind), "BUG: a block without that reading")
    releaseTexts(position..<position + 1)
    set(reading, at: position)
  }

  /// Forgets the readings from `position` on.
  func truncate(to position: Int) {
    precondition(position <= count, "BUG: a block shorter than its truncation")
    releaseTexts(position..<count)
    count = position
  }

  /// A block of that capacity and kind with the readings of `range`.
  func copy(_ range: Range<Int>, capacity: Int, kind: ColumnKind) -> Block {
    precondition(range.upperBound <= count && range.count <= capacity, "BUG: a copy larger than its block")
    precondition(range.isEmpty || kind == .mixed || kind == self.kind, "BUG: a copy that loses kinds")
    let copy = Block(capacity: capacity, kind: kind)
    copy.times.update(from: times + range.lowerBound, count: range.count)
    copy.values.copyMemory(from: values + range.lowerBound * 8, byteCount: range.count * 8)
    copy.count = range.count
    guard kind != .number, kind != .boolean else { return copy }
    for (position, source) in range.enumerated() {
      let sourceKind = self.kind(at: source)
      if kind == .mixed { copy.kinds.storeBytes(of: sourceKind.rawValue, toByteOffset: position, as: UInt8.self) }
      if sourceKind == .text, let box = StoredReading.textBox(bits(at: source)) {
        copy.textBytes += box.retain()._withUnsafeGuaranteedRef { $0.byteSize }
      }
    }
    return copy
  }

  private func set(_ reading: StoredReading, at position: Int) {
    times[position] = reading.time
    values.storeBytes(of: reading.bits, toByteOffset: position * 8, as: UInt64.self)
    if kind == .mixed { kinds.storeBytes(of: reading.kind.rawValue, toByteOffset: position, as: UInt8.self) }
    if reading.kind == .text, let box = StoredReading.textBox(reading.bits) {
      textBytes += box._withUnsafeGuaranteedRef { $0.byteSize }
    }
  }

  private func releaseTexts(_ range: Range<Int>) {
    guard kind == .text || kind == .mixed else { return }
    for position in range where kind(at: position) == .text {
      guard let box = StoredReading.textBox(bits(at: position)) else { continue }
      textBytes -= box._withUnsafeGuaranteedRef { $0.byteSize }
      box.release()
    }
  }
}

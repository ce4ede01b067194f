/// The readings of one series: sealed blocks in order, and the open block behind them that in-order readings go to.
///
/// What an in-order append touches comes first, copied out of the open block, so that it follows no reference.
struct Series {
  // MARK: What an in-order append touches

  /// The newest reading's time; meaningless while `openCount` is 0.
  var lastTime = Int64.min
  /// The columns of the open block.
  var openColumns: UnsafeMutableRawPointer
  var openCount: Int32 = 0
  var openCapacity: Int32 = 0
  /// When the newest reading came, Unix milliseconds.
  var received = Int64.min
  /// The open block's kind where it is number or boolean; else a value that no reading's kind has.
  var openKind = Series.noFastKind

  // MARK: The rest

  /// The series' number within its device.
  let ordinal: UInt32
  /// The device's number within the shard.
  let device: UInt32
  /// Never empty while the series has a reading.
  private(set) var open = Block.none
  var sealed = BlockList()
  /// Readings in `sealed`.
  var sealedReadings = 0
  /// A run of milliseconds that were all handed out or taken: where the search for a free one begins.
  var assignedRun: ClosedRange<Int64>?
  let metric: NameKey

  static let noFastKind: UInt8 = 0xFF

  init(device: UInt32, ordinal: UInt32, metric: NameKey) {
    self.device = device
    self.ordinal = ordinal
    self.metric = metric
    openColumns = Block.none.columns
  }

  /// Readings held.
  var count: Int { sealedReadings + Int(openCount) }
  var isEmpty: Bool { openCount == 0 }
  var firstTime: Int64? { sealed.firstTime ?? (isEmpty ? nil : open.firstTime) }

  var latest: LatestReading? {
    guard !isEmpty else { return nil }
    let value = open.value(at: Int(openCount) - 1)
    return LatestReading(reading: Reading(time: lastTime, value: value), received: received)
  }

  // MARK: The open block

  /// Tells the open block how many readings the fast path gave it.
  mutating func synchronizeOpen() {
    if openCount > 0 { open.count = Int(openCount) }
  }

  /// Changes the open block, or exchanges it for another, and copies anew what the fast path needs.
  mutating func updateOpen<Result>(_ body: (inout Block) -> Result) -> Result {
    let result = body(&open)
    openColumns = open.columns
    openCount = Int32(open.count)
    openCapacity = Int32(open.capacity)
    openKind = open.kind == .number || open.kind == .boolean ? open.kind.rawValue : Self.noFastKind
    if open.count > 0 { lastTime = open.lastTime }
    return result
  }

  /// Puts the open block behind the sealed ones; the caller provides another one.
  mutating func sealOpen() {
    sealed.append(open)
    sealedReadings += open.count
  }

  /// Whether a time falls into the open block's range or behind it.
  func isInOpen(_ time: Int64) -> Bool { time >= open.firstTime }

  func searchOpen(_ time: Int64) -> BlockSearch { open.search(time) }
}

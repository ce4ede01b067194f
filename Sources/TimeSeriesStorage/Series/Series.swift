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
  /// Empty after it was sealed early, or given up.
  private(set) var open = Block.none
  /// Which change was the open block's last, but for those of the fast path; 0: all it holds is persisted.
  private(set) var openChange: UInt32 = 0
  private var changes: UInt32 = 0
  /// In memory is everything at this time and after; what is before lies in the archive and in `overlay`.
  var residentFrom = Int64.min
  var sealed = SealedList()
  /// Readings in `sealed`.
  var sealedReadings = 0
  /// Readings that came after what they belong to had left memory, until they are persisted.
  var overlay = SealedList()
  /// Whether the series ever had a reading: `lastTime` means something.
  private(set) var hasReadings = false
  /// The newest reading's value, where the open block does not end with it.
  private var newestValue = Value.boolean(false)
  /// A run of milliseconds that were all handed out or taken: where the search for a free one begins.
  var assignedRun: ClosedRange<Int64>?
  let metric: NameKey

  // MARK: What the shard has booked of it

  var unpersistedBytes = 0
  var bookedOpenBytes: Int32 = 0
  var isBookedEvictable = false

  static let noFastKind: UInt8 = 0xFF

  init(device: UInt32, ordinal: UInt32, metric: NameKey) {
    self.device = device
    self.ordinal = ordinal
    self.metric = metric
    openColumns = Block.none.columns
  }

  /// Readings in memory, but for the overlay.
  var count: Int { sealedReadings + Int(openCount) }
  var isEmpty: Bool { openCount == 0 && sealed.isEmpty }
  var firstTime: Int64? { sealed.firstTime ?? (openCount == 0 ? nil : open.firstTime) }

  /// The newest reading there ever was, in memory or not.
  var latest: LatestReading? {
    guard hasReadings else { return nil }
    let value = endsWithNewest ? open.value(at: Int(openCount) - 1) : newestValue
    return LatestReading(reading: Reading(time: lastTime, value: value), received: received)
  }

  private var endsWithNewest: Bool { openCount > 0 && open.time(at: Int(openCount) - 1) == lastTime }

  /// Notes a reading that is the newest, or has the newest's time, wherever it lies.
  mutating func noteNewest(_ reading: Reading) {
    guard !hasReadings || reading.time >= lastTime else { return }
    hasReadings = true
    lastTime = reading.time
    newestValue = reading.value
  }

  /// A number for a change, other than 0 and those in use.
  mutating func nextChange() -> UInt32 {
    changes &+= 1
    if changes == 0 { changes = 1 }
    return changes
  }

  // MARK: The open block

  var isOpenPersisted: Bool { openChange == 0 }
  var openUnpersistedBytes: Int { isOpenPersisted ? 0 : open.byteSize }

  /// Tells the open block how many readings the fast path gave it.
  mutating func synchronizeOpen() {
    if openCount > 0 { open.count = Int(openCount) }
  }

  /// Changes the open block, or exchanges it for another, and copies anew what the fast path needs.
  mutating func updateOpen<Result>(
    editor: inout BlockEditor, _ body: (inout Block, inout BlockEditor) -> Result
  ) -> Result {
    editor.unpersistedBytes -= openUnpersistedBytes
    let result = body(&open, &editor)
    openChange = nextChange()
    copyOpen()
    editor.unpersistedBytes += openUnpersistedBytes
    return result
  }

  /// Takes the open block out of its place; its bytes stay booked.
  mutating func takeOpen() -> (block: Block, change: UInt32) {
    synchronizeOpen()
    if endsWithNewest { newestValue = open.value(at: Int(openCount) - 1) }
    defer {
      open = .none
      openChange = 0
      copyOpen()
    }
    return (open, openChange)
  }

  /// Puts a block into the empty place, its bytes booked; 0: it is persisted.
  mutating func setOpen(_ block: Block, change: UInt32) {
    open = block
    openChange = change
    copyOpen()
  }

  /// All that the open block holds is persisted.
  mutating func markOpenPersisted() {
    openChange = 0
    copyOpen()
  }

  private mutating func copyOpen() {
    openColumns = open.columns
    openCount = Int32(open.count)
    openCapacity = Int32(open.capacity)
    // The next reading of a persisted block goes the slow way, which marks it.
    let isFast = (open.kind == .number || open.kind == .boolean) && openChange != 0
    openKind = isFast ? open.kind.rawValue : Self.noFastKind
    guard open.count > 0, !hasReadings || open.lastTime > lastTime else { return }
    hasReadings = true
    lastTime = open.lastTime
  }

  /// Whether a time falls into the open block's range or behind it.
  func isInOpen(_ time: Int64) -> Bool { openCount > 0 && time >= open.firstTime }

  func searchOpen(_ time: Int64) -> BlockSearch { open.search(time) }
}

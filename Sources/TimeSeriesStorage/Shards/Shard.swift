/// A part of the store: some devices with their series, under one lock.
struct Shard: ~Copyable {
  let limits: StorageLimits
  var devices: [DeviceRecord] = []
  var deviceNumbers: [NameKey: UInt32] = [:]
  var series = SeriesTable()
  var seriesNumbers: [SeriesKey: UInt32] = [:]
  /// Sealed blocks that lie raw.
  var unsealed = UnsealedBlocks()
  /// Whether an archive holds what memory gives up, and only persisted readings may go.
  var isArchived = false
  /// Devices that hold bytes of which any can go, the one that holds most first (keys are negative bytes).
  var byBytes = IndexedHeap()
  var counters = ShardCounters()

  init(limits: StorageLimits) { self.limits = limits }

  /// Bytes of the device that holds most.
  var mostBytesOfADevice: Int { byBytes.first.map { Int(-$0.key) } ?? 0 }

  /// The device's record, nil for a number that was not handed out.
  func device(_ number: Int) -> DeviceRecord? {
    devices.indices.contains(number) ? devices[number] : nil
  }

  /// Books what a change of a series did: its device's bytes, the shard's, and the order of eviction.
  mutating func book(_ editor: BlockEditor, series number: Int) {
    let deviceNumber = Int(series[number].device)
    let isOldestEvictable = series[number].isOldestEvictable(isArchived: isArchived)
    devices[deviceNumber].bySealedTime.set(
      Int(series[number].ordinal), key: isOldestEvictable ? series[number].sealed.firstTime : nil)
    let isEvictable = series[number].isEvictable(isArchived: isArchived)
    if isEvictable != series[number].isBookedEvictable {
      devices[deviceNumber].evictableSeries += isEvictable ? 1 : -1
      series[number].isBookedEvictable = isEvictable
    }
    let openBytes = Int32(truncatingIfNeeded: series[number].open.byteSize)
    devices[deviceNumber].openBytes += Int(openBytes - series[number].bookedOpenBytes)
    series[number].bookedOpenBytes = openBytes
    series[number].unpersistedBytes += editor.unpersistedBytes
    devices[deviceNumber].bytes += editor.bytes
    let bytes = devices[deviceNumber].bytes
    byBytes.set(deviceNumber, key: bytes > 0 && devices[deviceNumber].evictableSeries > 0 ? Int64(-bytes) : nil)
    counters.add(editor)
  }
}

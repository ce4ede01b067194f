/// A part of the store: some devices with their series, under one lock.
struct Shard: ~Copyable {
  let limits: StorageLimits
  var devices: [DeviceRecord] = []
  var deviceNumbers: [NameKey: UInt32] = [:]
  var series = SeriesTable()
  var seriesNumbers: [SeriesKey: UInt32] = [:]
  /// Devices that hold bytes, the one that holds most first (keys are negative bytes).
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
    devices[deviceNumber].bySealedTime.set(Int(series[number].ordinal), key: series[number].sealed.firstTime)
    guard editor.bytes != 0 else { return }
    devices[deviceNumber].bytes += editor.bytes
    let bytes = devices[deviceNumber].bytes
    byBytes.set(deviceNumber, key: bytes > 0 ? Int64(-bytes) : nil)
    counters.ringBytes += editor.bytes
    counters.textBytes += editor.textBytes
  }
}

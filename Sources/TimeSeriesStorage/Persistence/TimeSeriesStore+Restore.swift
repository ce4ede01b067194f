import Synchronization

extension TimeSeriesStore {
  /// The series of that device and metric, made where there is none. What was stored once is taken back whatever the limits
  /// on numbers say now; it counts towards them.
  ///
  /// - Throws: `invalidDeviceName`, `invalidMetricName`.
  package func restoreSeries(device: String, metric: String) throws(StorageError) -> SeriesID {
    var name = device
    let isDeviceValid = name.withUTF8 {
      DeviceName.isValid(UnsafeRawBufferPointer($0), maximumBytes: limits.maximumDeviceNameBytes)
    }
    guard isDeviceValid else { throw .invalidDeviceName }
    var metricName = metric
    let isMetricValid = metricName.withUTF8 {
      MetricName.isValid(UnsafeRawBufferPointer($0), maximumBytes: limits.maximumMetricBytes)
    }
    guard isMetricValid else { throw .invalidMetricName }
    let shardNumber = name.withUTF8 { ShardNumbering.shard(ofDeviceNamed: UnsafeRawBufferPointer($0)) }
    let number = shards[shardNumber].shard.withLock { shard in
      let key = NameKey(device)
      let deviceNumber: Int
      if let found = shard.findDevice(key) {
        deviceNumber = found
      } else {
        deviceCount.add(1, ordering: .relaxed)
        deviceNumber = shard.addDevice(key)
      }
      if let found = shard.findSeries(ofDevice: deviceNumber, metric: NameKey(metric)) { return found }
      seriesCount.add(1, ordering: .relaxed)
      return shard.addSeries(ofDevice: deviceNumber, metric: NameKey(metric))
    }
    return SeriesID(rawValue: ShardNumbering.id(shard: shardNumber, number: number))
  }

  /// Takes a series' newest stored chunks into memory, all of them persisted. At least the newest, where any is stored:
  /// what is late, and what is not, the series knows from it.
  ///
  /// The series has no readings yet. Beyond `memoryBytes` the oldest are given up again.
  ///
  /// - Parameters:
  ///   - chunks: in order of time, each known to be what was written.
  ///   - isComplete: nothing older is stored.
  ///   - received: when the newest reading came, Unix milliseconds.
  /// - Throws: where a chunk is damaged or out of order; nothing has changed then.
  package func restore(
    _ series: SeriesID, chunks: [ArchivedChunk], isComplete: Bool, received: Int64
  ) throws(RestoreError) {
    var parts: [RestoredPart] = []
    for (index, chunk) in chunks.enumerated() {
      let restored: [RestoredPart]
      do throws(ChunkFault) {
        restored = try RestoredPart.parts(of: chunk.bytes, isChecked: index == chunks.count - 1)
      } catch {
        throw .damaged(index: index, error)
      }
      if let last = parts.last, let first = restored.first, first.chunk.firstTime <= last.chunk.lastTime {
        throw .overlapping(index: index)
      }
      parts += restored
    }
    guard let first = parts.first else { return }
    let residentFrom = isComplete ? .min : first.chunk.firstTime
    change(shards[ShardNumbering.shard(of: series.rawValue)]) { shard in
      let number = ShardNumbering.number(of: series.rawValue)
      precondition(number < shard.series.count, "BUG: a series of another store")
      var editor = BlockEditor()
      shard.series[number].restore(parts, residentFrom: residentFrom, received: received, editor: &editor)
      shard.counters.readingsStored += shard.series[number].count
      shard.counters.restored += shard.series[number].count
      shard.book(editor, series: number)
    }
    if ringBytes.load(ordering: .relaxed) > limits.memoryBytes { _ = makeRoom() }
  }
}

import Synchronization

extension TimeSeriesStore {
  /// The device of that name, made where there is none.
  ///
  /// - Throws: `invalidDeviceName`, `tooManyDevices`.
  package func device(named name: UnsafeRawBufferPointer) throws(StorageError) -> DeviceID {
    guard DeviceName.isValid(name, maximumBytes: limits.maximumDeviceNameBytes) else { throw .invalidDeviceName }
    let shardNumber = ShardNumbering.shard(ofDeviceNamed: name)
    let key = NameKey(name)
    let number: Int? = shards[shardNumber].shard.withLock { shard in
      if let number = shard.findDevice(key) { return number }
      guard reserve(deviceCount, limit: limits.maximumDevices) else { return nil }
      return shard.addDevice(key)
    }
    guard let number else { throw .tooManyDevices(limit: limits.maximumDevices) }
    return DeviceID(rawValue: ShardNumbering.id(shard: shardNumber, number: number))
  }

  /// The device of that name, made where there is none.
  ///
  /// - Throws: `invalidDeviceName`, `tooManyDevices`.
  package func device(named name: String) throws(StorageError) -> DeviceID {
    try withBytes(of: name) { bytes throws(StorageError) in
      try device(named: bytes)
    }
  }

  /// The device of that name, nil if there is none.
  package func findDevice(named name: String) -> DeviceID? {
    var bytes = name
    let shardNumber = bytes.withUTF8 { ShardNumbering.shard(ofDeviceNamed: UnsafeRawBufferPointer($0)) }
    return shards[shardNumber].shard.withLock { $0.findDevice(NameKey(name)) }.map {
      DeviceID(rawValue: ShardNumbering.id(shard: shardNumber, number: $0))
    }
  }

  /// The device's name, nil for an id of another store.
  package func name(of device: DeviceID) -> String? {
    withShard(of: device.rawValue) { shard, number in shard.device(number)?.name.text }
  }

  /// The names of a series, nil for an id of another store.
  package func names(of series: SeriesID) -> (device: String, metric: String)? {
    withShard(of: series.rawValue) { shard, number in
      guard number < shard.series.count else { return nil }
      return (shard.devices[Int(shard.series[number].device)].name.text, shard.series[number].metric.text)
    }
  }

  /// The device's series of that metric, made where there is none.
  ///
  /// - Throws: `invalidMetricName`, `tooManySeries`, `tooManySeriesOfDevice`, `unknownDevice`.
  package func series(of device: DeviceID, metric: UnsafeRawBufferPointer) throws(StorageError) -> SeriesID {
    guard MetricName.isValid(metric, maximumBytes: limits.maximumMetricBytes) else { throw .invalidMetricName }
    let key = NameKey(metric)
    let result = withShard(of: device.rawValue) { shard, number -> Result<Int, StorageError> in
      guard let count = shard.device(number)?.series.count else { return .failure(.unknownDevice) }
      if let series = shard.findSeries(ofDevice: number, metric: key) { return .success(series) }
      guard count < limits.maximumSeriesPerDevice else {
        return .failure(.tooManySeriesOfDevice(limit: limits.maximumSeriesPerDevice))
      }
      guard reserve(seriesCount, limit: limits.maximumSeries) else {
        return .failure(.tooManySeries(limit: limits.maximumSeries))
      }
      return .success(shard.addSeries(ofDevice: number, metric: key))
    }
    return SeriesID(
      rawValue: ShardNumbering.id(shard: ShardNumbering.shard(of: device.rawValue), number: try result.get()))
  }

  /// The device's series of that metric, made where there is none.
  ///
  /// - Throws: `invalidMetricName`, `tooManySeries`, `tooManySeriesOfDevice`, `unknownDevice`.
  package func series(of device: DeviceID, metric: String) throws(StorageError) -> SeriesID {
    try withBytes(of: metric) { bytes throws(StorageError) in
      try series(of: device, metric: bytes)
    }
  }

  /// The device's series of that metric, nil if there is none.
  package func findSeries(of device: DeviceID, metric: String) -> SeriesID? {
    withShard(of: device.rawValue) { shard, number in
      shard.findSeries(ofDevice: number, metric: NameKey(metric))
    }.map { SeriesID(rawValue: ShardNumbering.id(shard: ShardNumbering.shard(of: device.rawValue), number: $0)) }
  }

  /// Runs `body` under the lock of the id's shard, with the id's number in it.
  func withShard<Result: Sendable>(of id: UInt32, _ body: (inout Shard, Int) -> Result) -> Result {
    shards[ShardNumbering.shard(of: id)].shard.withLock { body(&$0, ShardNumbering.number(of: id)) }
  }

  /// Takes one of a limited number of places.
  private func reserve(_ count: borrowing Atomic<Int>, limit: Int) -> Bool {
    if count.add(1, ordering: .relaxed).newValue <= limit { return true }
    count.subtract(1, ordering: .relaxed)
    return false
  }

  private func withBytes<Success>(
    of text: String, _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Success
  ) throws(StorageError) -> Success {
    var text = text
    return try text.withUTF8 { bytes in
      Result { () throws(StorageError) in try body(UnsafeRawBufferPointer(bytes)) }
    }.get()
  }
}

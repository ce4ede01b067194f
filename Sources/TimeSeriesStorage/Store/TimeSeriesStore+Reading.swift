import Synchronization

extension TimeSeriesStore {
  /// All devices, sorted by name.
  package func devices() -> [DeviceSummary] {
    var all: [DeviceSummary] = []
    for (number, box) in shards.enumerated() {
      all += box.shard.withLock { shard in
        shard.devices.indices.map { shard.summary(ofDevice: $0, shard: number) }
      }
    }
    return all.sorted { NameKey($0.name) < NameKey($1.name) }
  }

  /// The names of all devices, sorted.
  package func deviceNames() -> [(id: DeviceID, name: String)] {
    var all: [(id: DeviceID, name: NameKey)] = []
    for (number, box) in shards.enumerated() {
      all += box.shard.withLock { shard in
        shard.devices.indices.map {
          (DeviceID(rawValue: ShardNumbering.id(shard: number, number: $0)), shard.devices[$0].name)
        }
      }
    }
    return all.sorted { $0.name < $1.name }.map { ($0.id, $0.name.text) }
  }

  /// The device's series and their metrics, sorted by metric; empty for an id of another store.
  package func metrics(of device: DeviceID) -> [(id: SeriesID, metric: String)] {
    let shardNumber = ShardNumbering.shard(of: device.rawValue)
    let all = withShard(of: device.rawValue) { shard, number -> [(id: SeriesID, metric: NameKey)] in
      guard let record = shard.device(number) else { return [] }
      return record.series.map {
        (SeriesID(rawValue: ShardNumbering.id(shard: shardNumber, number: Int($0))), shard.series[Int($0)].metric)
      }
    }
    return all.sorted { $0.metric < $1.metric }.map { ($0.id, $0.metric.text) }
  }

  /// One device, nil for an id of another store.
  package func summary(of device: DeviceID) -> DeviceSummary? {
    withShard(of: device.rawValue) { shard, number in
      guard shard.devices.indices.contains(number) else { return nil }
      return shard.summary(ofDevice: number, shard: ShardNumbering.shard(of: device.rawValue))
    }
  }

  /// The device's series, sorted by metric; empty for an id of another store.
  package func seriesList(of device: DeviceID) -> [SeriesSummary] {
    let list = withShard(of: device.rawValue) { shard, number -> [SeriesSummary] in
      guard let record = shard.device(number) else { return [] }
      return record.series.map {
        shard.series[Int($0)].summary(
          id: SeriesID(
            rawValue: ShardNumbering.id(shard: ShardNumbering.shard(of: device.rawValue), number: Int($0))))
      }
    }
    return list.sorted { NameKey($0.metric) < NameKey($1.metric) }
  }

  /// One series, nil for an id of another store.
  package func summary(of series: SeriesID) -> SeriesSummary? {
    withShard(of: series.rawValue) { shard, number in
      number < shard.series.count ? shard.series[number].summary(id: series) : nil
    }
  }

  /// The newest reading of the series, in memory or not; nil if it has had none.
  package func latest(_ series: SeriesID) -> LatestReading? {
    withShard(of: series.rawValue) { shard, number in
      number < shard.series.count ? shard.series[number].latest : nil
    }
  }
}

extension Shard {
  fileprivate func summary(ofDevice number: Int, shard: Int) -> DeviceSummary {
    let record = devices[number]
    var summary = DeviceSummary(
      id: DeviceID(rawValue: ShardNumbering.id(shard: shard, number: number)), name: record.name.text,
      seriesCount: record.series.count, newestTime: nil, newestReceived: nil)
    for number in record.series {
      let number = Int(number)
      guard series[number].hasReadings else { continue }
      summary.newestTime = max(summary.newestTime ?? .min, series[number].lastTime)
      summary.newestReceived = max(summary.newestReceived ?? .min, series[number].received)
    }
    return summary
  }
}

extension Series {
  fileprivate func summary(id: SeriesID) -> SeriesSummary {
    SeriesSummary(
      id: id, metric: metric.text, count: count, firstTime: firstTime, lastTime: hasReadings ? lastTime : nil,
      latest: latest)
  }
}

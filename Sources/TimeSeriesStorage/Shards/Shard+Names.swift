extension Shard {
  func findDevice(_ name: NameKey) -> Int? { deviceNumbers[name].map(Int.init) }

  func findSeries(ofDevice device: Int, metric: NameKey) -> Int? {
    seriesNumbers[SeriesKey(device: UInt32(device), metric: metric)].map(Int.init)
  }

  /// Adds a device; the caller made sure that there is none of the name.
  mutating func addDevice(_ name: NameKey) -> Int {
    let number = devices.count
    devices.append(DeviceRecord(name: name))
    deviceNumbers[name] = UInt32(number)
    counters.nameBytes += name.heapBytes
    return number
  }

  /// Adds a series; the caller made sure that there is none of the name.
  mutating func addSeries(ofDevice device: Int, metric: NameKey) -> Int {
    let number = series.count
    let ordinal = devices[device].series.count
    series.append(Series(device: UInt32(device), ordinal: UInt32(ordinal), metric: metric))
    devices[device].series.append(UInt32(number))
    seriesNumbers[SeriesKey(device: UInt32(device), metric: metric)] = UInt32(number)
    // The name's own storage, and the number in the device's list with that list's share of spare room.
    counters.nameBytes += metric.heapBytes + 2 * MemoryLayout<UInt32>.stride
    return number
  }

  /// Bytes of names, records and tables, estimated from their capacities.
  var indexBytes: Int {
    let deviceBytes =
      devices.capacity * MemoryLayout<DeviceRecord>.stride
      + Self.tableBytes(deviceNumbers.capacity, entry: MemoryLayout<NameKey>.stride + 4)
    let seriesBytes =
      series.byteSize + Self.tableBytes(seriesNumbers.capacity, entry: MemoryLayout<SeriesKey>.stride + 4)
    return deviceBytes + seriesBytes + counters.nameBytes
  }

  /// Bytes of a hash table that is at most three quarters full.
  private static func tableBytes(_ capacity: Int, entry: Int) -> Int { capacity * entry * 4 / 3 }
}

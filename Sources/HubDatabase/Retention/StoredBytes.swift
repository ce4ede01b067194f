/// Bytes of chunks on disk, by device: who has to give way where the disk is full.
struct StoredBytes {
  private struct Device {
    var bytes: Int64 = 0
    /// Numbers of its series in the file.
    var series: [Int64] = []
  }

  private var devices: [Device] = []
  private var devicesByName: [String: Int] = [:]
  /// By a series' number in the file: its device's place in `devices`.
  private var deviceOfSeries: [Int64: Int] = [:]
  private(set) var total: Int64 = 0
  /// The highest number of a series.
  private(set) var lastSeries: Int64 = 0

  func has(_ series: Int64) -> Bool { deviceOfSeries[series] != nil }

  /// Adds a series that is not known yet.
  mutating func add(_ series: Int64, device name: String, bytes: Int64) {
    let place = devicesByName[name] ?? devices.count
    if place == devices.count {
      devices.append(Device())
      devicesByName[name] = place
    }
    devices[place].series.append(series)
    lastSeries = max(lastSeries, series)
    deviceOfSeries[series] = place
    change(series, by: bytes)
  }

  mutating func change(_ series: Int64, by bytes: Int64) {
    guard bytes != 0, let place = deviceOfSeries[series] else { return }
    devices[place].bytes += bytes
    total += bytes
  }

  /// The series of the device that has most; nil where nobody has anything.
  var seriesOfBiggestDevice: [Int64]? {
    devices.max { $0.bytes < $1.bytes }.flatMap { $0.bytes > 0 ? $0.series : nil }
  }
}

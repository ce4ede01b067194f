/// Bytes of chunks and rollups on disk, by device: who has to give way where the disk is full.
struct StoredBytes {
  enum Kind: Int, CaseIterable {
    case chunks, rollups
  }

  private struct Device {
    /// By kind.
    var bytes: [Int64] = [0, 0]
    /// Numbers of its series in the file.
    var series: [Int64] = []
  }

  private var devices: [Device] = []
  private var devicesByName: [String: Int] = [:]
  /// By a series' number in the file: its device's place in `devices`.
  private var deviceOfSeries: [Int64: Int] = [:]
  private var totals: [Int64] = [0, 0]
  /// The highest number of a series.
  private(set) var lastSeries: Int64 = 0

  func total(_ kind: Kind) -> Int64 { totals[kind.rawValue] }

  func has(_ series: Int64) -> Bool { deviceOfSeries[series] != nil }

  /// Adds a series that is not known yet.
  mutating func add(_ series: Int64, device name: String) {
    let place = devicesByName[name] ?? devices.count
    if place == devices.count {
      devices.append(Device())
      devicesByName[name] = place
    }
    devices[place].series.append(series)
    lastSeries = max(lastSeries, series)
    deviceOfSeries[series] = place
  }

  mutating func change(_ series: Int64, _ kind: Kind, by bytes: Int64) {
    guard bytes != 0, let place = deviceOfSeries[series] else { return }
    devices[place].bytes[kind.rawValue] += bytes
    totals[kind.rawValue] += bytes
  }

  /// Takes back what a device was said to have of a kind: it turned out that there is nothing.
  mutating func forget(_ series: [Int64], _ kind: Kind) {
    guard let one = series.first, let place = deviceOfSeries[one] else { return }
    change(one, kind, by: -devices[place].bytes[kind.rawValue])
  }

  /// The series of the device that has most; nil where nobody has anything.
  func seriesOfBiggestDevice(_ kind: Kind) -> [Int64]? {
    let biggest = devices.max { $0.bytes[kind.rawValue] < $1.bytes[kind.rawValue] }
    return biggest.flatMap { $0.bytes[kind.rawValue] > 0 ? $0.series : nil }
  }
}

package import TimeSeriesStorage

/// Which series a query reads: patterns of device names and of metrics.
package struct Selector: Sendable, Equatable {
  private let devices: GlobList?
  private let metrics: GlobList?
  private let maximumSeries: Int

  /// Comma-separated lists of names in which `*` stands for any characters and `?` for one; nil: all.
  ///
  /// - Throws: `QueryError` naming `device` or `metric`.
  package init(device: String?, metric: String?, limits: QueryLimits = QueryLimits()) throws(QueryError) {
    devices = try device.map { text throws(QueryError) in try GlobList(text, parameter: "device", limits: limits) }
    metrics = try metric.map { text throws(QueryError) in try GlobList(text, parameter: "metric", limits: limits) }
    maximumSeries = limits.maximumSeriesPerQuery
  }

  /// Whether all devices are named outright, and not many: finding them takes no time to speak of.
  package var namesFewDevices: Bool { devices?.literals.map { $0.count <= Self.fewDevices } ?? false }
  private static let fewDevices = 4

  /// The series that fit now.
  ///
  /// - Throws: `QueryError` where there are more than `maximumSeriesPerQuery`.
  package func resolve(in store: TimeSeriesStore) throws(QueryError) -> Selection {
    let (known, unknown) = matchingDevices(in: store)
    var series: [SelectedSeries] = []
    for device in known {
      series += self.series(of: device, in: store)
      guard series.count <= maximumSeries else {
        throw QueryError(
          parameter: "device", received: "names that fit more than \(maximumSeries) series",
          allowed: "at most \(maximumSeries) series a query; name fewer devices or metrics")
      }
    }
    return Selection(series: series, unknownDevices: unknown)
  }

  /// The device's series whose metric fits, sorted by metric.
  func series(of device: (id: DeviceID, name: String), in store: TimeSeriesStore) -> [SelectedSeries] {
    let found: [(id: SeriesID, metric: String)] =
      if let names = metrics?.literals {
        // Metrics named outright are looked up, however many the device has.
        names.compactMap { name in store.findSeries(of: device.id, metric: name).map { (id: $0, metric: name) } }
      } else {
        store.metrics(of: device.id).filter { metrics?.matches($0.metric) ?? true }
      }
    return found.map {
      SelectedSeries(id: $0.id, deviceID: device.id, device: device.name, metric: $0.metric)
    }
  }

  /// The devices that fit, sorted by name, and the names without a wildcard that the store does not know.
  func matchingDevices(
    in store: TimeSeriesStore
  ) -> (known: [(id: DeviceID, name: String)], unknown: [String]) {
    // Devices named outright are looked up; only wildcards look through all names.
    let known =
      if let names = devices?.literals {
        names.compactMap { name in store.findDevice(named: name).map { (id: $0, name: name) } }
      } else {
        store.deviceNames().filter { devices?.matches($0.name) ?? true }
      }
    if let devices, devices.globs.count == 1, !known.isEmpty { return (known, []) }
    let literals = devices?.globs.compactMap(\.literal) ?? []
    return (known, literals.filter { store.findDevice(named: $0) == nil })
  }
}

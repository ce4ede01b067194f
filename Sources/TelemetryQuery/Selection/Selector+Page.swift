package import TimeSeriesStorage

extension Selector {
  /// The series that fit now, from `start` on, at most `limit` of them; their total has no bound.
  ///
  /// Gathers no more than the names of the devices, the page, and the series of one device at a time.
  package func page(in store: TimeSeriesStore, from start: SeriesPosition? = nil, limit: Int) -> Selection {
    let (known, unknown) = matchingDevices(in: store)
    var page = Selection(series: [], unknownDevices: unknown)
    for device in known {
      var first: String?
      if let start {
        if device.name.utf8.lexicographicallyPrecedes(start.device.utf8) { continue }
        if device.name.utf8.elementsEqual(start.device.utf8) { first = start.metric }
      }
      for selected in series(of: device, in: store) {
        if let first, selected.metric.utf8.lexicographicallyPrecedes(first.utf8) { continue }
        guard page.series.count < limit else {
          page.next = SeriesPosition(device: selected.device, metric: selected.metric)
          return page
        }
        page.series.append(selected)
      }
    }
    return page
  }
}

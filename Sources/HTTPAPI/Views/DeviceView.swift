import DeviceManagement
import TimeSeriesStorage

/// A device as an answer shows it: gathered from the store, the registry and the commands at one moment.
struct DeviceView {
  let name: String
  let summary: DeviceSummary?
  /// Sorted by metric.
  let series: [SeriesSummary]
  let record: DeviceRecord?
  let presence: Presence

  /// Nil where the hub knows no such device.
  init?(_ name: String, services: HTTPServices, now: Int64) {
    let store = services.store
    let id = store.findDevice(named: name)
    let record = services.registry.record(of: name)
    guard id != nil || record != nil else { return nil }
    self.name = name
    self.record = record
    summary = id.flatMap { store.summary(of: $0) }
    series = id.map { store.seriesList(of: $0) } ?? []
    let newest = series.max { ($0.lastTime ?? .min) < ($1.lastTime ?? .min) }
    presence = Presence(
      record: record, newestReading: newest?.lastTime, interval: newest.flatMap { store.interval(of: $0) },
      lastCommand: services.commands.lastSent(to: name), now: now)
  }

  /// The newest reading's time, Unix milliseconds.
  var newestTime: Int64? { summary?.newestTime ?? series.compactMap(\.lastTime).max() }
}

extension TimeSeriesStore {
  /// The usual time between a series' newest readings, in milliseconds; nil below three of them.
  func interval(of series: SeriesSummary) -> Int64? {
    guard let first = series.firstTime, let last = series.lastTime, series.count >= 3 else { return nil }
    let (span, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow, span > 0 else { return nil }
    let mean = max(1, span / Int64(series.count - 1))
    // As far back as that many readings would reach at the mean gap; at most so many are looked at.
    let (back, tooFar) = last.subtractingReportingOverflow(mean.multipliedClamped(by: Int64(ReportingInterval.samples)))
    let end = last == .max ? last : last + 1
    // Of memory only: `first` is the oldest reading there.
    let from = tooFar ? first : max(first, back)
    guard let snapshot = try? snapshot(of: series.id, from: from, to: end, maximumReadings: 4_096) else { return mean }
    guard let times = try? snapshot.lastTimes(ReportingInterval.samples) else { return mean }
    return ReportingInterval.learned(from: times) ?? mean
  }
}

extension Int64 {
  fileprivate func multipliedClamped(by factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}

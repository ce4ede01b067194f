import TimeSeriesStorage

/// The windows of one series, each as its start and aggregate; windows without a value are left out.
struct WindowedReader: Sendable {
  private var readings: RawReader
  private let every: Int64
  private let aggregate: Aggregate
  /// The first reading of the next window.
  private var pending: Reading?
  private var isAtStart = true

  init(_ readings: RawReader, every: Int64, aggregate: Aggregate) {
    self.readings = readings
    self.every = every
    self.aggregate = aggregate
  }

  mutating func next() -> Reading? {
    if isAtStart {
      pending = readings.next()
      isAtStart = false
    }
    while let first = pending {
      let start = Window.start(of: first.time, length: every)
      let end = start.addingReportingOverflow(every)
      var window = WindowAccumulator(first)
      pending = nil
      while let reading = readings.next() {
        guard end.overflow || reading.time < end.partialValue else {
          pending = reading
          break
        }
        window.add(reading)
      }
      if let value = window.value(aggregate) { return Reading(time: start, value: value) }
    }
    return nil
  }
}

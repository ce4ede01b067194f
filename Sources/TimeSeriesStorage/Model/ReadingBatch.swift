/// A reading on its way into the store: 24 bytes, no reference, so that a batch of them is one flat array.
package struct PendingReading: Sendable, Equatable {
  package enum Kind: UInt8, Sendable {
    /// `bits` is the double's bit pattern.
    case number = 0
    /// `bits` is 0 or 1.
    case boolean = 1
    /// `bits` is an index into the batch's `texts`.
    case text = 2
  }

  /// Unix milliseconds. Where `assignsUniqueTime` is set the store may move it forward.
  package var time: Int64
  package var bits: UInt64
  package var series: SeriesID
  package var kind: Kind
  /// The message had no time of its own: `time` is the time of receipt, to be made unique in its series.
  package var assignsUniqueTime: Bool

  package init(series: SeriesID, time: Int64, kind: Kind, bits: UInt64, assignsUniqueTime: Bool) {
    self.time = time
    self.bits = bits
    self.series = series
    self.kind = kind
    self.assignsUniqueTime = assignsUniqueTime
  }
}

/// Readings that go into the store together. Reused: `removeAll` keeps the capacity.
package struct ReadingBatch: Sendable {
  package var readings: [PendingReading] = []
  package var texts: [String] = []

  package init() {}

  package var isEmpty: Bool { readings.isEmpty }

  package mutating func removeAll() {
    readings.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
  }
}

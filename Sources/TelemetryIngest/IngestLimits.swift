import TimeSeriesStorage

/// Every limit of ingest, and what happens there.
package struct IngestLimits: Sendable, Equatable {
  /// Objects and arrays inside one another; deeper is a dead letter.
  package var maximumDepth = 32
  /// Bytes of one message; more is a dead letter.
  package var maximumPayloadBytes = 262_144
  /// Readings of one message; more is a dead letter.
  package var maximumReadingsPerMessage = 10_000
  /// Bytes of UTF-8 of one text value; a longer one is skipped and counted.
  package var maximumTextBytes = 256
  /// Bytes of UTF-8 of one metric name; a longer one is skipped and counted.
  package var maximumMetricBytes = 128
  /// How far ahead of the hub's clock a message's own time may be, in milliseconds; further is replaced.
  package var maximumClockLead: Int64 = 86_400_000
  /// The earliest time that is believed, in Unix milliseconds (2000-01-01); earlier is replaced.
  package var earliestTime: Int64 = 946_684_800_000
  /// Devices that one pipeline knows by name; at the limit it forgets them all and learns anew.
  package var maximumCachedDevices = 20_000
  /// Bytes that one pipeline spends on remembered keys; at the limit it forgets them all and learns anew.
  package var maximumCacheBytes = 16 << 20

  package init() {}

  /// These, within what the store takes and the decoder can count.
  func bounded(by store: StorageLimits) -> IngestLimits {
    var bounded = self
    // The decoder goes down by recursion.
    bounded.maximumDepth = max(1, min(maximumDepth, 128))
    bounded.maximumPayloadBytes = max(1, min(maximumPayloadBytes, 16 << 20))
    bounded.maximumReadingsPerMessage = max(1, min(maximumReadingsPerMessage, 1_000_000))
    // A staged text's length has 16 bits, a path's 8.
    bounded.maximumTextBytes = max(0, min(maximumTextBytes, store.maximumTextBytes, 65_535))
    bounded.maximumMetricBytes = max(1, min(maximumMetricBytes, store.maximumMetricBytes, 255))
    return bounded
  }
}

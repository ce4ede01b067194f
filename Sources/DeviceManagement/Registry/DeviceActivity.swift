import Synchronization

/// What one device has done, counted without a lock: resolve it once a connection, then add to it from any thread.
package final class DeviceActivity: Sendable {
  private let lastSeenTime: Atomic<Int64>
  private let messageCount = Atomic<Int>(0)
  private let readingCount = Atomic<Int>(0)
  private let skippedCount = Atomic<Int>(0)
  private let redatedCount = Atomic<Int>(0)
  private let refusedCount = Atomic<Int>(0)
  private let withoutSeriesCount = Atomic<Int>(0)
  private let deadLetterCount = Atomic<Int>(0)

  init(now: Int64) { lastSeenTime = Atomic(now) }

  /// The device was heard, at Unix milliseconds `now`.
  package func seen(now: Int64) { lastSeenTime.store(now, ordering: .relaxed) }

  /// Adds what came in one read.
  package func add(_ counts: DeviceCounts, now: Int64) {
    seen(now: now)
    messageCount.wrappingAdd(counts.messages, ordering: .relaxed)
    readingCount.wrappingAdd(counts.readings, ordering: .relaxed)
    if counts.skipped != 0 { skippedCount.wrappingAdd(counts.skipped, ordering: .relaxed) }
    if counts.redatedTimestamps != 0 { redatedCount.wrappingAdd(counts.redatedTimestamps, ordering: .relaxed) }
    if counts.refused != 0 { refusedCount.wrappingAdd(counts.refused, ordering: .relaxed) }
    if counts.withoutSeries != 0 { withoutSeriesCount.wrappingAdd(counts.withoutSeries, ordering: .relaxed) }
    if counts.deadLetters != 0 { deadLetterCount.wrappingAdd(counts.deadLetters, ordering: .relaxed) }
  }

  /// Unix milliseconds.
  package var lastSeen: Int64 { lastSeenTime.load(ordering: .relaxed) }

  package var counts: DeviceCounts {
    DeviceCounts(
      messages: messageCount.load(ordering: .relaxed), readings: readingCount.load(ordering: .relaxed),
      skipped: skippedCount.load(ordering: .relaxed), redatedTimestamps: redatedCount.load(ordering: .relaxed),
      refused: refusedCount.load(ordering: .relaxed), withoutSeries: withoutSeriesCount.load(ordering: .relaxed),
      deadLetters: deadLetterCount.load(ordering: .relaxed))
  }
}

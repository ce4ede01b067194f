/// The store's own counters, as `/metrics` shows them.
package struct StoreStatistics: Sendable, Equatable {
  package var devices = 0
  package var series = 0
  /// Readings held now.
  package var readingsStored = 0
  /// Readings ever stored, replacements included.
  package var readingsAppendedTotal = 0
  /// Readings that took the place of one with the same time.
  package var replacedTotal = 0
  /// Readings removed to stay within `memoryBytes` or raw retention.
  package var evictedTotal = 0
  /// Readings that came after a newer one of their series.
  package var lateTotal = 0
  /// Readings refused because they were older than raw retention.
  package var tooOldTotal = 0
  /// Readings refused because their series or text was not valid.
  package var invalidTotal = 0
  /// Bytes of all blocks, unused capacity and texts included: what `StorageLimits.memoryBytes` bounds.
  package var ringBytes = 0
  /// Of `ringBytes`: texts.
  package var textBytes = 0
  /// Bytes of names, series records and lookup tables, estimated; beside `ringBytes`.
  package var indexBytes = 0

  package init() {}
}

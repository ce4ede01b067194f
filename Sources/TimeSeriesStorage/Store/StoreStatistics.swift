/// The store's own counters, as `/metrics` shows them.
package struct StoreStatistics: Sendable, Equatable {
  package var devices = 0
  package var series = 0
  /// Readings in memory now.
  package var readingsStored = 0
  /// Readings ever stored, replacements included.
  package var readingsAppendedTotal = 0
  /// Readings taken back into memory from an archive as the store began.
  package var restoredTotal = 0
  /// Readings that took the place of one with the same time.
  package var replacedTotal = 0
  /// Readings removed from memory to stay within `memoryBytes` or raw retention, or because the archive has them now.
  package var evictedTotal = 0
  /// Readings that came after a newer one of their series.
  package var lateTotal = 0
  /// Readings refused because they were older than raw retention.
  package var tooOldTotal = 0
  /// Readings refused because their series or text was not valid.
  package var invalidTotal = 0
  /// Bytes of all chunks and blocks, unused capacity and texts included: what `StorageLimits.memoryBytes` bounds.
  package var ringBytes = 0
  package var chunks = 0
  /// Of `ringBytes`: chunks.
  package var chunkBytes = 0
  /// Of `ringBytes`: blocks, which are not compressed, and their texts.
  package var rawBytes = 0
  /// Of `rawBytes`: texts.
  package var textBytes = 0
  /// Of `ringBytes`: what holds readings that are not persisted; all where there is no archive.
  package var unpersistedBytes = 0
  /// Of `readingsStored`: those that came after what they belong to had left memory, until they are persisted.
  package var overlayReadings = 0
  /// Bytes of names, series records and lookup tables, estimated; beside `ringBytes`.
  package var indexBytes = 0

  package init() {}
}

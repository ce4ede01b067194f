/// What a shard counts.
struct ShardCounters {
  var readingsStored = 0
  var appended = 0
  var replaced = 0
  var restored = 0
  var evicted = 0
  var late = 0
  var tooOld = 0
  var invalid = 0
  var ringBytes = 0
  var textBytes = 0
  var chunkBytes = 0
  var chunks = 0
  var unpersistedBytes = 0
  var overlayReadings = 0
  /// Names and their keys.
  var nameBytes = 0

  mutating func add(_ editor: BlockEditor) {
    ringBytes += editor.bytes
    textBytes += editor.textBytes
    chunkBytes += editor.chunkBytes
    chunks += editor.chunks
    unpersistedBytes += editor.unpersistedBytes
    overlayReadings += editor.overlayReadings
  }
}

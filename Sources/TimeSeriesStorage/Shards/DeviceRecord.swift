/// A device within its shard.
struct DeviceRecord {
  let name: NameKey
  /// Its series' numbers within the shard, by ordinal.
  var series: [UInt32] = []
  /// Its series whose oldest sealed entry may be evicted, by the time of their oldest reading; items are ordinals.
  var bySealedTime = IndexedHeap()
  /// Bytes of its chunks, blocks and texts.
  var bytes = 0
  /// Of `bytes`: open blocks.
  var openBytes = 0
  /// Its series with anything to evict or to make smaller.
  var evictableSeries = 0
  /// Where to look next for an open block to seal or give up; an ordinal.
  var evictionHand = 0
}

/// A device within its shard.
struct DeviceRecord {
  let name: NameKey
  /// Its series' numbers within the shard, by ordinal.
  var series: [UInt32] = []
  /// Its series that have sealed blocks, by the time of their oldest reading; items are ordinals.
  var bySealedTime = IndexedHeap()
  /// Bytes of its blocks and texts.
  var bytes = 0
  /// Where to look next for an open block to make smaller; an ordinal.
  var shrinkHand = 0
}

/// Why a series' chunks were not restored. Nothing of the series changed: the caller can leave that chunk out and try again.
package enum RestoreError: Error, Equatable, Sendable {
  /// The chunk at that index is none.
  case damaged(index: Int, ChunkFault)
  /// The chunk at that index does not begin after the one before it ends.
  case overlapping(index: Int)
}

/// Readings as a chunk is made of them: times that rise, and bit patterns of doubles.
struct ChunkColumns {
  let times: UnsafeBufferPointer<Int64>
  let values: UnsafeBufferPointer<UInt64>

  var count: Int { times.count }
}

/// The readings of a batch that go to one shard.
///
/// `@unchecked`: the memory belongs to the batch that one thread is appending, which waits for the shard's part of it.
@safe
struct BatchPart: @unchecked Sendable {
  let readings: UnsafeMutableBufferPointer<PendingReading>
  let texts: [String]
  /// Positions into `readings`; nil: `range` itself are the positions.
  let positions: UnsafeMutablePointer<Int>?
  /// Which of `positions` are this part.
  let range: Range<Int>
}

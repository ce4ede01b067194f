/// A clock that stands still: a sleep ends at once, or only when its task is cancelled.
struct StillClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration = .zero

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  /// Sleeps end at once.
  let isOver: Bool

  var now: Instant { Instant() }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    if isOver { return }
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    // Cancellation ends the iteration.
    for await _ in stream {}
    continuation.finish()
    throw CancellationError()
  }
}

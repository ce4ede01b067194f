import Synchronization

/// The newest dead letters, bounded in number and in bytes; the oldest make room.
package final class DeadLetterRing: Sendable {
  /// How much of a payload is kept.
  package static let payloadPrefixBytes = 256
  /// How much of a topic is kept.
  package static let topicBytes = 1024

  package let maximumCount: Int
  package let maximumBytes: Int

  private struct State {
    var letters: [DeadLetter] = []
    /// Index of the oldest, once the ring has begun to turn.
    var head = 0
    var bytes = 0
    var total: UInt64 = 0
  }

  private let state = Mutex(State())

  package init(maximumCount: Int = 256, maximumBytes: Int = 256 * 1024) {
    self.maximumCount = max(1, maximumCount)
    self.maximumBytes = max(4096, maximumBytes)
  }

  /// Keeps a dead letter and counts it; `time` is the time of receipt in Unix milliseconds.
  package func record(
    topic: UnsafeRawBufferPointer, device: String?, reason: DeadLetterReason, payload: UnsafeRawBufferPointer,
    time: Int64
  ) {
    // Copied before the lock is taken: the lock is held for bookkeeping only.
    var letter = DeadLetter(
      number: 0, time: time, topic: String(decoding: topic.prefix(Self.topicBytes), as: UTF8.self), device: device,
      reason: reason, payloadBytes: payload.count, payloadPrefix: Array(payload.prefix(Self.payloadPrefixBytes)))
    let size = Self.size(of: letter)
    state.withLock { state in
      state.total += 1
      letter.number = state.total
      state.bytes += size
      state.letters.append(letter)
      while state.letters.count - state.head > maximumCount || state.bytes > maximumBytes {
        state.bytes -= Self.size(of: state.letters[state.head])
        state.letters[state.head].payloadPrefix = []
        state.head += 1
      }
      // Dropped places are given back together, so that each letter is moved at most once on average.
      if state.head >= maximumCount {
        state.letters.removeFirst(state.head)
        state.head = 0
      }
    }
  }

  /// The newest first: those numbered below `before`, at most `limit`.
  package func snapshot(before: UInt64 = .max, limit: Int = .max) -> DeadLetterSnapshot {
    state.withLock { state in
      let kept = state.letters[state.head...]
      let wanted = kept.reversed().lazy.filter { $0.number < before }.prefix(max(0, limit))
      return DeadLetterSnapshot(letters: Array(wanted), total: state.total, kept: kept.count)
    }
  }

  /// All that were ever recorded.
  package var total: UInt64 { state.withLock { $0.total } }

  private static func size(of letter: DeadLetter) -> Int {
    MemoryLayout<DeadLetter>.stride + letter.topic.utf8.count + (letter.device?.utf8.count ?? 0)
      + letter.payloadPrefix.count
  }
}

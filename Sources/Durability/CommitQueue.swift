/// A place in the order of commits. Everything up to a committed sequence is durable.
package struct CommitSequence: RawRepresentable, Comparable, Hashable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Before the first record: always committed.
  package static let none = CommitSequence(rawValue: 0)

  package static func < (left: CommitSequence, right: CommitSequence) -> Bool { left.rawValue < right.rawValue }
}

/// When a record wants to be on disk.
package enum CommitUrgency: Int, Sendable {
  /// May wait a second even where the commit interval is shorter: readings that nobody waits for (QoS 0).
  case relaxed
  /// May wait for the commit interval: readings.
  case deferrable
  /// Wants a commit at once: commands, sessions, HTTP publishes.
  case immediate

  /// The more urgent of both.
  package func joined(with other: CommitUrgency) -> CommitUrgency { rawValue < other.rawValue ? other : self }
}

/// Where everything that must last is appended as it is decided.
///
/// A record gets a sequence at once; the queue commits whatever has gathered in one transaction and then announces
/// `committed(upTo:)`. Whoever acknowledges to a peer keeps the acknowledgement until the sequence is committed.
/// Calls come from any thread.
package protocol CommitQueue: AnyObject, Sendable {
  /// Appends a record; its sequence is greater than every sequence given out before.
  ///
  /// - Parameter wakes: false where the caller has something better to do first, and calls `wake()` behind it.
  func append(_ record: CommitRecord, urgency: CommitUrgency, wakes: Bool) -> CommitSequence

  /// Has what was appended without waking committed. To wake a thread costs more time than most of what an event does.
  func wake()

  /// Whether so much waits for a commit that no more should be caused: publishers are not read from until a commit has
  /// made room (`pending-commit-bytes`). What is appended all the same is taken.
  var isFull: Bool { get }

  /// The last sequence that is durable.
  var committed: CommitSequence { get }

  /// Calls `observer` after every commit, on the queue's own thread, with what is then committed.
  func observeCommits(_ observer: @escaping @Sendable (_ committedUpTo: CommitSequence) -> Void)
}

extension CommitQueue {
  package func append(_ record: CommitRecord, urgency: CommitUrgency) -> CommitSequence {
    append(record, urgency: urgency, wakes: true)
  }

  /// For queues without a thread of their own.
  package func wake() {}
}

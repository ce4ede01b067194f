/// A message that could not be read.
package struct DeadLetter: Sendable, Equatable {
  /// Counts from 1 over the life of the ring: a cursor for paging.
  package var number: UInt64
  /// Time of receipt, Unix milliseconds.
  package var time: Int64
  package var topic: String
  /// The device it came from, where one was known.
  package var device: String?
  package var reason: DeadLetterReason
  /// Size of the whole payload.
  package var payloadBytes: Int
  /// The payload's first bytes, at most `DeadLetterRing.payloadPrefixBytes`.
  package var payloadPrefix: [UInt8]
}

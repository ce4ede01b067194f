import Testing

/// A seed whose world once showed a fault of the broker.
struct KeptSeed: Sendable, CustomTestStringConvertible {
  let seed: UInt64
  let finding: String

  var testDescription: String { "seed \(seed): \(finding)" }

  static let all = [
    KeptSeed(seed: 12, finding: "a message came by its new subscription and as retained too"),
    KeptSeed(seed: 451, finding: "a retained message that was put off came in place of the newer one that replaced it"),
    KeptSeed(seed: 96, finding: "Message Expiry Interval was not counted down while a commit was waited for"),
    KeptSeed(seed: 103_544, finding: "what was in flight was not held to the limit of all clients together"),
    KeptSeed(seed: 205_957, finding: "a retained message too large to be kept for a session kept the others waiting"),
    KeptSeed(
      seed: 219_281, finding: "a client's QoS 2 message that waited for its commit came after what it sent later"),
    KeptSeed(seed: 538, finding: "an expired message was given to a subscriber"),
    KeptSeed(
      seed: 704_842, finding: "a retained message waited for room that the queue took, and the queue for the message"),
    KeptSeed(seed: 36, finding: "an unacknowledged message of a group got a new identifier, without DUP"),
  ]
}

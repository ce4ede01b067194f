import Testing

/// A seed whose world once showed a fault of the broker.
struct KeptSeed: Sendable, CustomTestStringConvertible {
  let seed: UInt64
  let finding: String

  var testDescription: String { "seed \(seed): \(finding)" }

  static let all = [
    KeptSeed(seed: 12, finding: "a message came by its new subscription and as retained too"),
    KeptSeed(seed: 209, finding: "a retained message that was put off passed older ones of its topic"),
    KeptSeed(seed: 104, finding: "Message Expiry Interval was not counted down while a commit was waited for"),
    KeptSeed(seed: 197, finding: "an expired message was handed on to another member of its group"),
    KeptSeed(seed: 28, finding: "an unacknowledged message of a group got a new identifier, without DUP"),
  ]
}

import MQTTProtocol

/// What the hub keeps for a client beyond one connection (MQTT 5.0 §4.1): subscriptions, messages under way in both
/// directions, the will. Used on the loop of the shard that has it only.
package final class ClientSession {
  let subscriber: Subscriber
  /// As the subscriber has it; here because it is compared for every message.
  let id: SubscriberID
  package let clientIdentifier: String
  /// Who may claim it.
  var claim: ClientClaim
  /// Place in the shard's table of sessions.
  var slot = 0
  /// The client's connection, while there is one.
  var connection: ClientConnection?

  /// Seconds for which it outlives its connection; 0 not at all, `neverExpires` for ever.
  var expiryInterval: UInt32
  /// `BrokerTime.monotonic` at which it ends; nil while connected, or never.
  var expiresAt: Int64?

  /// Whether the commit queue knows it: as durable, or for the sake of its will.
  var isRecorded = false

  /// By filter with `me` rewritten; shared ones by `$share/group/filter`.
  var subscriptions: [[UInt8]: SubscriptionEntry] = [:]
  var inbound = InboundFlow()
  var outbound = OutboundFlow()
  /// Retained messages still to be brought.
  var retainedWalks = RetainedWalks()
  /// Whether something may wait at absent members of its groups that it had no room for: it asks again later.
  var leftWaiting = false
  /// Bytes and messages of `outbound` as the totals have them.
  var accountedBytes = 0
  var accountedMessages = 0
  /// Bytes of `retainedWalks` as the totals have them.
  var accountedRetainedBytes = 0

  var will: Will?
  /// What the will counts for in the total of all clients.
  var willBytes = 0
  /// `BrokerTime.monotonic` at which the will is due (Will Delay Interval); nil while connected.
  var willDueAt: Int64?

  static let neverExpires = UInt32.max

  init(subscriber: Subscriber, claim: ClientClaim, expiryInterval: UInt32) {
    self.subscriber = subscriber
    id = subscriber.id
    self.claim = claim
    self.expiryInterval = expiryInterval
    clientIdentifier = subscriber.clientIdentifier
  }

  /// What the commit queue knows it by.
  var number: UInt64 { id.rawValue }

  /// Whether its subscriptions and messages are recorded.
  var isDurable: Bool { subscriber.isDurable }

  /// Whether it outlives its connection.
  var isPersistent: Bool { expiryInterval != 0 }

  /// The next moment at which something is due without the client.
  var nextDeadline: Int64? {
    switch (expiresAt, willDueAt) {
    case (let expiry?, let will?): min(expiry, will)
    case (let expiry, let will): expiry ?? will
    }
  }

  /// Messages that are kept for the client, for the limits.
  var keptBytes: Int { outbound.heldBytes + retainedWalks.placeBytes }

  /// Whether something waits to be written.
  var isWaiting: Bool { outbound.isWaiting || !retainedWalks.isEmpty }

  var hasSharedSubscriptions: Bool { subscriptions.values.contains { $0.share != nil } }
}

extension ClientSession {
  /// `BrokerTime.monotonic` in `seconds`; nil for an interval that never ends.
  static func deadline(in seconds: UInt32, from now: Int64) -> Int64? {
    seconds == neverExpires ? nil : now &+ Int64(seconds) * 1000
  }
}

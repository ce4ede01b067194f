import MQTTProtocol

/// One session of one client, from the CONNACK that began it to its end.
final class ModelSession {
  /// A QoS 1 or 2 message to the client whose exchange is open.
  struct Exchange {
    let packetIdentifier: UInt16
    /// nil for a message that clears.
    let message: ModelMessage?
    let topic: String
    let qos: QoS
    /// PUBREC came: only PUBREL may follow.
    var isReleased = false
    /// The connection it was last written on.
    var connection: ModelConnection
    /// Its place among all that were opened.
    let order: Int
    /// It came by a shared subscription, perhaps: then it may go to another member when this one is away.
    let mayBeShared: Bool
    /// The hub died since: it may be sent again though PUBREC came, or be released though it did not.
    var mayBeAgain = false
    /// The server may have given it up.
    var mayBeGone = false
  }

  /// How often one message was seen.
  struct Tally {
    var live = 0
    var retained = 0
    /// With RETAIN set, where it may be the one or the other.
    var either = 0
    var exactlyOnce = 0
    var received = 0
    var receivedWithRetain = 0
    var receivedExactlyOnce = 0
    var written: Int { live + retained + either }
  }

  struct Expectation {
    let message: ModelMessage
    let isRetained: Bool
    let qos: QoS
    /// At QoS 0 the message is owed only as long as this connection lasts.
    let connection: ModelConnection?
    /// What a retained message is owed by; it need not come any more when that has ended.
    var subscription: ModelSubscription?
    let filter: String
  }

  struct OrderKey: Hashable {
    let topic: String
    let publisher: Int
    let publishedQoS: QoS
    let qos: QoS
  }

  let id: Int
  let client: Int
  var connection: ModelConnection?
  /// Seconds; the greatest never expires.
  var expiry: UInt32 = 0
  var disconnectedAt: Int64?
  /// Where the hub died before that was on disk: until when the server may believe that the client was there.
  var disconnectedLatest: Int64?
  /// The step of its client's last going away.
  var leftStep = 0
  /// Whether DISCONNECT, which has no answer, named another Session Expiry Interval.
  var hasChangedExpiry = false
  /// How often the hub died while it lived.
  var deaths = 0
  /// Identifiers of QoS 2 messages that the client completed.
  var completed: Set<UInt16> = []
  var endedAt: Int?
  var subscriptions: [ModelSubscription] = []
  var inflight: [Exchange] = []
  var exchanges = 0
  /// QoS 2 publishes of the client between PUBLISH and PUBREL.
  var inbound: [UInt16: ModelMessage] = [:]
  var tallies: [Int: Tally] = [:]
  var expectations: [Expectation] = []
  var lastOrder: [OrderKey: Int] = [:]
  /// The smallest packet that its client ever was willing to take at most.
  var smallestPacketLimit = Int.max

  init(id: Int, client: Int) {
    self.id = id
    self.client = client
  }

  /// Subscriptions that hold, as far as the client was told.
  var current: [ModelSubscription] { subscriptions.filter { $0.granted != nil && $0.endRequested == nil } }

  func end(at step: Int) {
    guard endedAt == nil else { return }
    endedAt = step
    for subscription in subscriptions where subscription.ended == nil {
      subscription.endRequested = subscription.endRequested ?? step
      subscription.ended = step
    }
  }

  /// Nobody knows any more what it has.
  func doubtSubscriptions(at step: Int) {
    expectations = []
    for subscription in subscriptions where subscription.ended == nil {
      subscription.endRequested = subscription.endRequested ?? step
    }
  }

  enum Life {
    case alive
    case over
    case uncertain
  }

  /// Whether a CONNECT of one moment that was answered at another finds it.
  func life(from asked: Int64, to answered: Int64) -> Life {
    if endedAt != nil { return .over }
    guard let disconnectedAt else { return expiry == 0 ? .over : .alive }
    guard expiry != .max else { return .alive }
    let end = disconnectedAt + Int64(expiry) * 1000
    if answered < end { return .alive }
    // Expiry is looked at about once a second.
    return asked > max(end, (disconnectedLatest ?? 0) + Int64(expiry) * 1000) + 3_000 ? .over : .uncertain
  }
}

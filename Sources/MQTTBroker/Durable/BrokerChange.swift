import Durability
package import MQTTProtocol

/// One thing that the broker must remember over a restart.
///
/// Sessions go by the number of their subscriber, deliveries by serials and messages by numbers, all of 63 bits and never
/// used twice while something refers to them. Times are `BrokerTime.monotonic`; `BrokerChanges` says how far from Unix
/// milliseconds that is.
package enum BrokerChange: Sendable {
  /// A client is connected: a new session, or one that goes on with other values.
  case began(session: UInt64, clientIdentifier: String, expiryInterval: UInt32, will: Will?)
  /// Its client went away.
  case left(session: UInt64, at: Int64, expiryInterval: UInt32, willDueAt: Int64?)
  /// Its will was published, or does not come any more.
  case willEnded(session: UInt64)
  /// Its subscriptions and open exchanges end with it; each of its deliveries was `removed` before.
  case ended(session: UInt64)

  case subscribed(session: UInt64, DurableSubscription)
  /// By the filter, shared ones with their group.
  case unsubscribed(session: UInt64, filter: [UInt8])
  /// How far the retained messages of a subscription were brought; nil where all were.
  case broughtRetained(session: UInt64, filter: [UInt8], RetainedProgress?)

  /// A QoS 1 or 2 message is to be delivered.
  case queued(session: UInt64, serial: UInt64, OutboundDelivery)
  /// It has a Packet Identifier; `order` rises within the session.
  case sent(session: UInt64, serial: UInt64, packetIdentifier: UInt16, order: UInt64)
  /// The client has a QoS 2 message; only PUBREL is still owed.
  case receivedByClient(session: UInt64, serial: UInt64, message: UInt64)
  /// A delivery is over: acknowledged, dropped, expired, handed on or ended. `message` is 0 where it was the client's.
  case removed(session: UInt64, serial: UInt64, message: UInt64)

  /// A QoS 2 publish of the client was taken and not given to its subscribers yet.
  case received(session: UInt64, packetIdentifier: UInt16, StoredMessage)
  /// It was given to all of them; its identifier is in use until the client releases it.
  case delivered(session: UInt64, packetIdentifier: UInt16)
  case released(session: UInt64, packetIdentifier: UInt16)

  /// Of one topic the message of the highest serial counts, in whichever order they come.
  case retained(StoredMessage, serial: UInt64)
  /// What was retained under this serial, or before it, is cleared or has expired.
  case retainedCleared(topic: [UInt8], serial: UInt64)
}

/// A message on its way to one client, as the client will get it.
package struct OutboundDelivery: Sendable {
  package let message: StoredMessage
  package let qos: QoS
  package let retain: Bool
  /// Subscription Identifiers.
  package let identifiers: [UInt32]
  /// The client knows the topic as `v1/devices/me/…`.
  package let isByMe: Bool
  /// `$share/group/filter` by which it came; nil for a subscription of its own.
  package let share: [UInt8]?
  /// 0 while it waits.
  package var packetIdentifier: UInt16 = 0
  /// Rises with every message that is sent; 0 while it waits.
  package var order: UInt64 = 0
}

/// Changes of one event of one event loop, durable together.
package final class BrokerChanges: BrokerRecords {
  package let changes: [BrokerChange]
  /// To be added to `BrokerTime.monotonic` for Unix milliseconds.
  package let wallOffset: Int64
  package let byteCount: Int

  package init(_ changes: [BrokerChange], at time: BrokerTime) {
    self.changes = changes
    wallOffset = time.wall &- time.monotonic
    byteCount = changes.reduce(0) { $0 + $1.byteCount }
  }
}

extension BrokerChange {
  /// What it counts for while it waits for its commit. A message is counted with each delivery: an upper bound.
  fileprivate var byteCount: Int {
    let own = MemoryLayout<BrokerChange>.stride
    return switch self {
    case .queued(_, _, let delivery): own + delivery.message.byteCount
    case .received(_, _, let message), .retained(let message, _): own + message.byteCount
    case .began(_, let name, _, let will):
      own + name.utf8.count + (will.map { $0.topic.utf8.count + $0.payload.count } ?? 0)
    case .subscribed(_, let subscription): own + subscription.filter.count
    case .unsubscribed(_, let filter), .broughtRetained(_, let filter, _): own + filter.count
    case .retainedCleared(let topic, _): own + topic.count
    default: own
    }
  }
}

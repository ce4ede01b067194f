import MQTTProtocol

/// What a client knows of its session.
final class SessionModel {
  enum Stage {
    case awaitingAcknowledgement
    case awaitingReceived
    case awaitingComplete
  }

  /// A QoS 1 or 2 message from the hub whose exchange is not over.
  struct Exchange {
    var stage: Stage
    let content: PublishedMessages.Content
    /// Rises from message to message.
    let serial: Int
    /// Begun on a former connection, and not sent again on this one.
    var isCarried = false
    /// The hub may have given it to another, or given it up, while the client was away.
    var mayBeReleased = false
  }

  struct Subscribed {
    /// `me` rewritten, the group left out.
    let filter: [UInt8]
    let isShared: Bool
    let qos: QoS
    let identifier: UInt32?
  }

  var subscribed: [Subscribed] = []
  var exchanges: [UInt16: Exchange] = [:]
  private var lastSerial = 0
  /// Seconds for which it outlives its connection.
  var expiryInterval: UInt32 = 0
  var isConnected = false
  /// `BrokerTime.monotonic`; nil while connected, or never.
  var expiresAt: Int64?
  /// CONNECTs that were not answered: but for the last, it may have begun, ended or gone on by them.
  private(set) var claims = 0

  func nextSerial() -> Int {
    lastSerial += 1
    return lastSerial
  }

  /// Whether the hub must still have it for the CONNECT that came last.
  func mustLive(at now: Int64) -> Bool {
    claims <= 1 && expiryInterval != 0 && (isConnected || expiresAt.map { now < $0 } ?? true)
  }

  /// Whether the hub can have it for the CONNECT that came last.
  var mayLive: Bool { claims > 1 || expiryInterval != 0 }

  /// Whether it is known to be over.
  func isOver(at now: Int64) -> Bool {
    claims == 0 && !isConnected && expiresAt.map { $0 <= now } ?? false
  }

  func mayMatch(_ topic: [UInt8], qos: QoS) -> Bool {
    subscribed.contains { qos <= $0.qos && PlainMatcher.matches(filter: $0.filter, topic: topic) }
  }

  func mayBeShared(_ topic: [UInt8]) -> Bool {
    subscribed.contains { $0.isShared && PlainMatcher.matches(filter: $0.filter, topic: topic) }
  }

  /// A CONNECT that may reach it.
  func claimed() { claims += 1 }

  /// A CONNECT was refused, and did nothing to it.
  func refused() { claims -= 1 }

  /// A connection takes the session on, or begins it: what is open will be sent again.
  func accepted(expiryInterval: UInt32, mayDrop: Bool) {
    let mayDrop = mayDrop || claims > 1
    claims = 0
    isConnected = true
    expiresAt = nil
    self.expiryInterval = expiryInterval
    for identifier in exchanges.keys {
      guard var exchange = exchanges[identifier] else { continue }
      let wasInDoubt = exchange.isCarried && exchange.mayBeReleased
      exchange.isCarried = true
      exchange.mayBeReleased = wasInDoubt || mayDrop || mayBeShared(exchange.content.topic)
      exchanges[identifier] = exchange
    }
  }
}

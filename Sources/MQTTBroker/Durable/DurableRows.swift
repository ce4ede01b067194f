package import MQTTProtocol

/// A session as a database keeps it. Times are Unix milliseconds.
package struct DurableSession: Equatable, Sendable {
  package let number: UInt64
  package var clientIdentifier: String
  /// Seconds for which it outlives its connection; 0 where it is kept for the sake of its will only.
  package var expiryInterval: UInt32
  package var will: Will?
  /// When its client went away; nil while it is connected.
  package var leftAt: Int64?
  /// When the will is due (Will Delay Interval); nil while its client is connected, or without a will.
  package var willDueAt: Int64?

  package init(
    number: UInt64, clientIdentifier: String, expiryInterval: UInt32, will: Will? = nil, leftAt: Int64? = nil,
    willDueAt: Int64? = nil
  ) {
    self.number = number
    self.clientIdentifier = clientIdentifier
    self.expiryInterval = expiryInterval
    self.will = will
    self.leftAt = leftAt
    self.willDueAt = willDueAt
  }
}

/// One subscription of a session, as the hub understands it.
package struct DurableSubscription: Equatable, Sendable {
  /// `me` rewritten; `$share/group/filter` where it is shared.
  package let filter: [UInt8]
  package var qos: QoS
  package var noLocal: Bool
  package var retainAsPublished: Bool
  /// 0 = none.
  package var identifier: UInt32
  /// The client named it `v1/devices/me/…` and sees topics so.
  package var isByMe: Bool
  /// Retained messages that are still to be brought; nil where all were.
  package var retained: RetainedProgress?

  package init(
    filter: [UInt8], qos: QoS, noLocal: Bool = false, retainAsPublished: Bool = false, identifier: UInt32 = 0,
    isByMe: Bool = false, retained: RetainedProgress? = nil
  ) {
    self.filter = filter
    self.qos = qos
    self.noLocal = noLocal
    self.retainAsPublished = retainAsPublished
    self.identifier = identifier
    self.isByMe = isByMe
    self.retained = retained
  }
}

/// How far the retained messages of a subscription were brought.
package struct RetainedProgress: Equatable, Sendable {
  /// Of the message that was retained last before the subscription.
  package let lastSerial: UInt64
  /// The topic that was looked at last; nil before the first.
  package let place: [UInt8]?
  /// Whether the message of that topic is still to be brought.
  package let isOwed: Bool

  package init(lastSerial: UInt64, place: [UInt8]?, isOwed: Bool) {
    self.lastSerial = lastSerial
    self.place = place
    self.isOwed = isOwed
  }
}

/// A message as a database keeps it, once for all who are to get it.
package struct DurableMessage: Equatable, Sendable {
  package var topic: [UInt8]
  package var payload: [UInt8]
  package var qos: QoS
  package var retain: Bool
  /// Raw MQTT 5 properties.
  package var properties: [UInt8]
  /// Unix milliseconds after which nobody gets it any more; nil never.
  package var expiry: Int64?
  /// The number of the publisher's session; 0 for the hub.
  package var publisher: UInt64
  /// The publisher's client identifier where it is retained.
  package var publisherName: String?

  package init(
    topic: [UInt8], payload: [UInt8], qos: QoS, retain: Bool, properties: [UInt8] = [], expiry: Int64? = nil,
    publisher: UInt64 = 0, publisherName: String? = nil
  ) {
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.properties = properties
    self.expiry = expiry
    self.publisher = publisher
    self.publisherName = publisherName
  }
}

/// Where the delivery of one message to one session stands.
package struct DurableDelivery: Equatable, Sendable {
  package enum Stage: UInt8, Sendable, CaseIterable {
    /// It waits, or is in flight and not acknowledged.
    case outstanding = 0
    /// PUBREC came: only PUBREL is still owed.
    case received = 1
  }

  /// Rises in the order in which messages of one publisher are to be delivered.
  package let serial: UInt64
  /// 0 where the client has it.
  package var message: UInt64
  package var qos: QoS
  package var retain: Bool
  package var identifiers: [UInt32]
  package var isByMe: Bool
  /// `$share/group/filter` by which it came.
  package var share: [UInt8]?
  package var stage: Stage
  /// 0 while it waits.
  package var packetIdentifier: UInt16
  /// The order in which messages were sent; 0 while it waits.
  package var order: UInt64

  package init(
    serial: UInt64, message: UInt64, qos: QoS, retain: Bool = false, identifiers: [UInt32] = [], isByMe: Bool = false,
    share: [UInt8]? = nil, stage: Stage = .outstanding, packetIdentifier: UInt16 = 0, order: UInt64 = 0
  ) {
    self.serial = serial
    self.message = message
    self.qos = qos
    self.retain = retain
    self.identifiers = identifiers
    self.isByMe = isByMe
    self.share = share
    self.stage = stage
    self.packetIdentifier = packetIdentifier
    self.order = order
  }
}

/// A QoS 2 publish of a client between PUBLISH and PUBREL.
package struct DurableExchange: Equatable, Sendable {
  package let packetIdentifier: UInt16
  /// The message where its subscribers did not get it yet; 0 where they did.
  package var message: UInt64

  package init(packetIdentifier: UInt16, message: UInt64 = 0) {
    self.packetIdentifier = packetIdentifier
    self.message = message
  }
}

/// The retained message of a topic.
package struct DurableRetained: Equatable, Sendable {
  package let serial: UInt64
  package let message: DurableMessage

  package init(serial: UInt64, message: DurableMessage) {
    self.serial = serial
    self.message = message
  }
}

extension DurableMessage {
  /// `wallOffset` is Unix milliseconds less `BrokerTime.monotonic`.
  init(_ message: StoredMessage, wallOffset: Int64) {
    self.init(
      topic: message.topic, payload: message.payload, qos: message.qos, retain: message.retain,
      properties: message.properties, expiry: message.expiry.map { $0 &+ wallOffset },
      publisher: message.publisher?.rawValue ?? 0, publisherName: message.publisherName)
  }
}

extension StoredMessage {
  /// A message that a database kept under this number.
  convenience init(_ message: DurableMessage, number: UInt64, at time: BrokerTime) {
    self.init(
      topic: message.topic, payload: message.payload, qos: message.qos, retain: message.retain,
      properties: message.properties, expiry: message.expiry.map { time.monotonic(ofWall: $0) },
      publisher: message.publisher == 0 ? nil : SubscriberID(rawValue: message.publisher),
      publisherName: message.publisherName, number: number)
  }
}

import MQTTProtocol

/// A message on its way through one shard: the reader's bytes as long as that does, a copy from the first moment that
/// someone must keep it.
struct MessageInTransit {
  let topic: [UInt8]
  let payload: UnsafeRawBufferPointer
  let properties: UnsafeRawBufferPointer
  let qos: QoS
  let retain: Bool
  let publisher: SubscriberID?
  /// Who that is beyond its session, for what is retained.
  var publisherName: String?
  /// Whether its publisher can be told that it is not retained, and then nobody gets it.
  var isRefusable = false
  /// `BrokerTime.monotonic`; nil never.
  var expiry: Int64?
  var receipt: DeliveryReceipt?
  /// Where many subscribers get it: its bytes, made once.
  var frames: FrameCache?
  private var stored: StoredMessage?
  /// Whether it has waited: for a commit, for another loop or for a client.
  private let hasWaited: Bool

  init(_ publish: IncomingPublish, topic: [UInt8], publisher: SubscriberID?, at time: BrokerTime) {
    self.topic = topic
    payload = publish.payload
    properties = publish.properties
    qos = publish.qos
    retain = publish.retain
    self.publisher = publisher
    expiry = publish.summary.messageExpiryInterval.map { time.monotonic &+ Int64($0) * 1000 }
    hasWaited = false
  }

  init(_ message: StoredMessage, payload: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer) {
    topic = message.topic
    self.payload = payload
    self.properties = properties
    qos = message.qos
    retain = message.retain
    publisher = message.publisher
    publisherName = message.publisherName
    expiry = message.expiry
    receipt = message.receipt
    stored = message
    hasWaited = true
  }

  /// Whether it may be given to nobody any more [MQTT-3.3.2-5].
  func isExpired(at time: BrokerTime) -> Bool {
    guard hasWaited, let expiry else { return false }
    return expiry <= time.monotonic
  }

  /// What it counts for in byte limits, kept or not.
  var byteCount: Int { StoredMessage.byteCount(topic.count, payload.count, properties.count) }

  /// The bytes for all who get it alike; nil where few get it.
  mutating func frame(qos: QoS, retain: Bool, version: ProtocolVersion) -> FrameCache.Frame? {
    if let frame = frames?.frame(qos: qos, retain: retain, version: version) { return frame }
    guard var cache = frames else { return nil }
    frames = nil
    let frame = cache.make(of: self, qos: qos, retain: retain, version: version)
    frames = cache
    return frame
  }

  /// The message with bytes of its own, made once.
  mutating func keep() -> StoredMessage {
    if let stored { return stored }
    let message = StoredMessage(
      topic: topic, payload: Array(payload), qos: qos, retain: retain, properties: Array(properties),
      expiry: expiry, publisher: publisher, publisherName: publisherName, receipt: receipt)
    stored = message
    return message
  }
}

extension StoredMessage {
  convenience init(
    _ publish: IncomingPublish, topic: [UInt8], publisher: SubscriberID?, publisherName: String?, at time: BrokerTime
  ) {
    self.init(
      topic: topic, payload: Array(publish.payload), qos: publish.qos, retain: publish.retain,
      properties: Array(publish.properties),
      expiry: publish.summary.messageExpiryInterval.map { time.monotonic &+ Int64($0) * 1000 }, publisher: publisher,
      publisherName: publisherName)
  }

  /// Calls `body` with the message on its way again; its Message Expiry Interval says what is left [MQTT-3.3.2-6].
  func inTransit<Result>(at time: BrokerTime, _ body: (inout MessageInTransit) -> Result) -> Result {
    var properties = properties
    if let left = secondsLeft(at: time) {
      properties = ForwardedProperties.withSubscriptionIdentifiers(properties, [], messageExpiryInterval: left)
    }
    return payload.withUnsafeBytes { payload in
      properties.withUnsafeBytes { properties in
        var transit = MessageInTransit(self, payload: payload, properties: properties)
        return body(&transit)
      }
    }
  }
}

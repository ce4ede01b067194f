import MQTTProtocol

/// One application message, from the client that composed it to everyone who may see it.
final class ModelMessage {
  /// One time that the server took the message: once, but for a QoS 1 publish that was sent again.
  struct Acceptance {
    let step: Int
    let time: Int64
    /// The step by which it must have been routed; nil while that is not known.
    var routed: Int?
    var isRefused = false
  }

  let id: Int
  let topic: String
  let payload: [UInt8]
  /// The client's index.
  let publisher: Int
  let qos: QoS
  let retain: Bool
  let isWill: Bool
  /// Seconds.
  let expiry: UInt32?
  /// What a subscriber with MQTT 5 must see of its properties, Message Expiry Interval left out.
  let properties: [Property]
  var acceptances: [Acceptance] = []
  /// From which step it may have been the retained message of its topic.
  var retainedFrom: Int?
  /// From which step it certainly was no longer.
  var retainedUntil: Int?
  /// Whether another message took its place as retained, perhaps.
  var mayBeReplaced = false
  /// It came with the last packet of a connection that a limit closed: nobody need get it.
  var isDoubtful = false
  /// A QoS 2 publish that a hub which died may have taken, and the next one took.
  var wasRepeated = false
  /// A will that was taken back; delivering it is wrong.
  var isCancelled = false
  /// A will may not be seen before this moment.
  var notBefore: Int64?
  /// The end of its client's connection was not seen yet when the will was.
  var connection: ModelConnection?

  init(
    id: Int, topic: String, payload: [UInt8], publisher: Int, qos: QoS, retain: Bool, isWill: Bool, expiry: UInt32?,
    properties: [Property]
  ) {
    self.id = id
    self.topic = topic
    self.payload = payload
    self.publisher = publisher
    self.qos = qos
    self.retain = retain
    self.isWill = isWill
    self.expiry = expiry
    self.properties = properties
  }

  /// Clears a retained message; such messages are alike and cannot be told apart on arrival.
  var isClear: Bool { payload.isEmpty }

  var name: String { "message \(id)" }

  /// Whether nobody need get it any more.
  func mayHaveExpired(at now: Int64) -> Bool {
    guard let expiry else { return false }
    guard let first = acceptances.first else { return true }
    return now >= first.time + Int64(expiry) * 1000
  }

  /// The identifier that a payload begins with.
  static func id(in payload: [UInt8]) -> Int? {
    let digits = payload.prefix { $0 != UInt8(ascii: ":") }
    guard digits.count < payload.count else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

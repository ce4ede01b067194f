import MQTTProtocol

/// One subscription in one form: a SUBSCRIBE that repeats a filter makes a new one and ends this one.
///
/// Steps are moments of the model's own count. Between asking and answering a subscription may or may not hold.
final class ModelSubscription {
  /// As in SUBSCRIBE.
  let filter: String
  /// What topics are matched with.
  let topicFilter: String
  /// Share name and filter of a shared subscription.
  let group: String?
  let qos: QoS
  let noLocal: Bool
  let retainAsPublished: Bool
  let retainHandling: RetainHandling
  /// 0 where there is none.
  let identifier: UInt32
  let requested: Int
  var granted: Int?
  var endRequested: Int?
  var ended: Int?
  /// Whether one of the same filter held before: nil where that is not certain.
  let isNew: Bool?
  /// Whether it replaced one that may have had retained messages still to bring: they come by this one [MQTT-3.8.4-4].
  var mayOweForFormer = false
  /// Retained messages that were certainly there when it was asked for.
  var retained: [ModelMessage] = []

  init(_ subscription: Subscription, version: ProtocolVersion, identifier: UInt32, requested: Int, isNew: Bool?) {
    filter = subscription.filter
    qos = subscription.qos
    noLocal = version == .v5 && subscription.noLocal
    retainAsPublished = version == .v5 && subscription.retainAsPublished
    retainHandling = version == .v5 ? subscription.retainHandling : .sendAtSubscribe
    self.identifier = identifier
    self.requested = requested
    self.isNew = isNew
    let share = "$share/"
    if filter.hasPrefix(share) {
      let rest = filter.dropFirst(share.count)
      topicFilter = String(rest[rest.index(after: rest.firstIndex(of: "/") ?? rest.startIndex)...])
      group = String(rest)
    } else {
      topicFilter = filter
      group = nil
    }
  }

  /// Whether it may have held at some moment from one step to another.
  func mayHold(from first: Int, to last: Int) -> Bool { requested <= last && (ended ?? .max) > first }

  /// Whether it certainly held from one step to another.
  func certainlyHolds(from first: Int, to last: Int) -> Bool {
    guard let granted else { return false }
    return granted < first && (endRequested ?? .max) > last
  }

  /// Whether retained messages may have been sent for it.
  var mayBringRetained: Bool {
    guard group == nil else { return false }
    if mayOweForFormer { return true }
    switch retainHandling {
    case .sendAtSubscribe: return true
    case .sendIfNew: return isNew != false
    case .doNotSend: return false
    }
  }

  /// Whether retained messages must have been sent for it.
  var mustBringRetained: Bool {
    guard group == nil else { return false }
    switch retainHandling {
    case .sendAtSubscribe: return true
    case .sendIfNew: return isNew == true
    case .doNotSend: return false
    }
  }
}

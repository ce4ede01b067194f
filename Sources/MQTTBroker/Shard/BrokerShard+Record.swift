import Durability
import MQTTProtocol

/// What must outlive the hub goes to the commit queue, all of one event together.
extension BrokerShard {
  /// Notes a change. What this event answers waits for its commit where it `isAwaited`.
  @inline(__always)
  func record(_ change: BrokerChange, isAwaited: Bool = true) {
    changes.append(change)
    if isAwaited { hasAwaitedChanges = true }
  }

  /// Appends what was noted, so that it is durable together.
  func appendChanges(at time: BrokerTime) {
    guard !changes.isEmpty else { return }
    var gathered: [BrokerChange] = []
    swap(&gathered, &changes)
    let isAwaited = hasAwaitedChanges
    hasAwaitedChanges = false
    let sequence = broker.commitQueue.append(
      .broker(BrokerChanges(gathered, at: time)), urgency: isAwaited ? .immediate : .deferrable, wakes: false)
    if isAwaited { appendedInRead = sequence }
  }

  // MARK: Deliveries

  /// Records that a message is to be delivered to a durable session; returns the serial of that.
  func recordDelivery(_ queued: OutboundFlow.Queued, to session: UInt64) -> UInt64 {
    let serial = broker.nextSerials(1)
    recordDelivery(queued, serial, to: session)
    return serial
  }

  func recordDelivery(
    _ queued: OutboundFlow.Queued, _ serial: UInt64, to session: UInt64, packetIdentifier: UInt16 = 0,
    order: UInt64 = 0
  ) {
    queued.message.assignNumber(broker.nextMessageNumber)
    record(
      .queued(
        session: session, serial: serial,
        OutboundDelivery(
          message: queued.message, qos: queued.qos, retain: queued.retain, identifiers: queued.identifiers,
          isByMe: queued.isByMe, share: queued.share?.name, packetIdentifier: packetIdentifier, order: order)))
  }

  /// Records for a subscriber of another loop what is posted to it; 0 where it need not be.
  func recordDelivery(_ message: StoredMessage, to target: RouteTarget) -> UInt64 {
    guard target.isRecorded(at: message.qos) else { return 0 }
    return recordDelivery(OutboundFlow.Queued(message, for: target), to: target.subscriber.id.rawValue)
  }

  /// The same for many, with serials one after the other; returns the first, or 0 where none is recorded.
  func recordDeliveries(_ message: StoredMessage, to targets: [RouteTarget]) -> UInt64 {
    guard targets.contains(where: { $0.isRecorded(at: message.qos) }) else { return 0 }
    let first = broker.nextSerials(targets.count)
    for (place, target) in targets.enumerated() where target.isRecorded(at: message.qos) {
      recordDelivery(
        OutboundFlow.Queued(message, for: target), first + UInt64(place), to: target.subscriber.id.rawValue)
    }
    return first
  }

  /// Records that a delivery is over, where it was recorded.
  func recordEnd(_ recorded: OutboundFlow.Recorded?, of session: UInt64) {
    guard let recorded else { return }
    record(.removed(session: session, serial: recorded.serial, message: recorded.message), isAwaited: false)
  }

  /// Records that a delivery comes to nothing, where it was recorded when the message was posted here.
  func recordEnd(_ serial: UInt64, of message: StoredMessage, to target: RouteTarget) {
    guard serial != 0 else { return }
    record(
      .removed(session: target.subscriber.id.rawValue, serial: serial, message: message.number), isAwaited: false)
  }

  // MARK: Subscriptions

  /// Records how far the retained messages of a subscription were brought.
  func recordProgress(of filter: [UInt8], _ session: ClientSession) {
    guard session.isDurable else { return }
    record(
      .broughtRetained(
        session: session.number, filter: filter, session.retainedWalks[filter].map { RetainedProgress($0) }),
      isAwaited: false)
  }
}

extension OutboundFlow.Queued {
  /// A message as a target of its route gets it.
  init(_ message: StoredMessage, for target: RouteTarget) {
    self.init(
      message: message, qos: min(message.qos, target.qos), retain: message.retain && target.retainAsPublished,
      identifiers: target.identifiers, isByMe: target.isByMe, receipt: nil, share: target.share)
  }
}

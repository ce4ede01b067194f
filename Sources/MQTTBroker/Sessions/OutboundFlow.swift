import DequeModule
import MQTTProtocol

/// QoS 1 and 2 messages to one client: the in-flight window and the queue behind it (MQTT 5.0 §4.3, §4.4, §4.9).
///
/// Outlives the connection where the session does: then it keeps what is in flight and has it sent again.
struct OutboundFlow: ~Copyable {
  /// A message for this client, as it will get it.
  struct Queued {
    let message: StoredMessage
    let qos: QoS
    let retain: Bool
    let identifiers: [UInt32]
    let isByMe: Bool
    /// The message's receipt, where this client is among its addressees.
    let receipt: DeliveryReceipt?
    /// The group for which this client got it.
    var share: ShareGroup?
    /// What the commit queue knows the delivery by; 0 where it does not.
    var serial: UInt64 = 0

    /// The delivery as the commit queue knows it; nil where it does not.
    var recorded: Recorded? { serial == 0 ? nil : Recorded(serial: serial, message: message.number) }

    /// What it counts for in byte limits.
    var accountedBytes: Int { message.byteCount }
  }

  /// A delivery that the commit queue knows.
  struct Recorded: Equatable {
    let serial: UInt64
    /// 0 where the client has it.
    let message: UInt64
  }

  enum Stage {
    case awaitingAcknowledgement
    case awaitingReceived
    case awaitingComplete
  }

  struct Inflight {
    let packetIdentifier: UInt16
    /// Rises from message to message.
    let serial: UInt64
    var stage: Stage
    let receipt: DeliveryReceipt?
    /// What is sent again after a reconnect; nil where the session ends with its connection, and after PUBREC.
    var kept: Queued?
    /// Whether it takes a place in this connection's window.
    var isOpen: Bool
    /// `OutboundFlow.now` when it began, or was sent again.
    var sentAt: Int64
    /// Whether it was written, on whatever connection; a QoS 2 message waits for the commit of its identifier.
    var isWritten = true
    /// What the commit queue knows the delivery by; 0 where it does not.
    var recordedAs: UInt64 = 0

    var recorded: Recorded? {
      recordedAs == 0 ? nil : Recorded(serial: recordedAs, message: kept?.message.number ?? 0)
    }
  }

  enum AcknowledgementAction {
    /// The exchange is over; its place is free.
    case completed(DeliveryReceipt?, Recorded?)
    /// Answer with PUBREL; what is recorded of the message where that is new.
    case release(Recorded?)
    /// No such exchange: PUBREL carries 0x92 in MQTT 5; others are ignored.
    case unknownIdentifier
  }

  /// What is owed to a client that came back.
  enum Resend {
    case publish(Queued, packetIdentifier: UInt16, isRepeated: Bool)
    case release(packetIdentifier: UInt16)
  }

  private var inflight = InflightTable()
  private var queue: Deque<Queued> = []
  /// What was in flight when the connection ended, oldest first [MQTT-4.6.0-1]; behind it what waited for a commit.
  private var resends: Deque<(packetIdentifier: UInt16, serial: UInt64)> = []
  private var lastSerial: UInt64 = 0
  private var window = 0
  private var openCount = 0
  /// Messages that were opened and wait for the commit of their identifiers.
  private var unwrittenCount = 0
  private var maximumExchanges = 0
  /// `BrokerTime.monotonic`, as of the connection's begin or the last tick.
  private var now: Int64 = 0
  private(set) var queuedBytes = 0
  private(set) var keptBytes = 0

  /// Exchanges that are not over.
  var inflightCount: Int { inflight.count }
  var queuedCount: Int { queue.count }

  /// Bytes of messages, for the limit of this client.
  var messageBytes: Int { queuedBytes + keptBytes }

  /// Bytes it holds in all, for the limit of all clients.
  var heldBytes: Int { messageBytes + inflight.byteCount }

  /// Whether a new message may be written at once: order is kept, so not past a queue.
  var hasRoom: Bool { hasWindow && queue.isEmpty && resends.isEmpty }

  /// Whether one more message may be unacknowledged: exchanges that former connections left open count too.
  var hasWindow: Bool { openCount < window && inflight.count < maximumExchanges }

  /// Whether messages that are in flight were not written yet: what follows keeps its place behind them.
  var hasUnwritten: Bool { unwrittenCount > 0 }

  /// Whether something waits to be written.
  var isWaiting: Bool { !queue.isEmpty || !resends.isEmpty }

  /// A connection begins: what is in flight will be sent again, in its order.
  mutating func connected(window: UInt16, limits: BrokerLimits, at now: Int64) {
    self.window = Int(window)
    maximumExchanges = limits.maximumExchanges
    self.now = now
    openCount = 0
    resends = Deque(inflight.inOrder.map { ($0.packetIdentifier, $0.serial) })
  }

  /// What to send again next, if the window allows.
  mutating func nextResend() -> Resend? {
    while let (identifier, serial) = resends.first {
      guard var entry = inflight[identifier], entry.serial == serial else {
        resends.removeFirst()
        continue
      }
      guard entry.stage != .awaitingComplete else {
        resends.removeFirst()
        return .release(packetIdentifier: identifier)
      }
      guard let kept = entry.kept else {
        resends.removeFirst()
        _ = inflight.remove(identifier)
        continue
      }
      guard entry.isOpen || openCount < window else { return nil }
      resends.removeFirst()
      if !entry.isOpen { openCount += 1 }
      let isRepeated = entry.isWritten
      if !isRepeated { unwrittenCount -= 1 }
      entry.isOpen = true
      entry.isWritten = true
      entry.sentAt = now
      inflight.replace(entry)
      return .publish(kept, packetIdentifier: identifier, isRepeated: isRepeated)
    }
    return nil
  }

  /// A Packet Identifier for a message that is about to be written. Call only with room in the window.
  ///
  /// `isWritten` is false where it is written later, by `mayBeWritten`.
  mutating func opened(
    qos: QoS, receipt: DeliveryReceipt?, kept: Queued? = nil, isWritten: Bool = true
  ) -> UInt16 {
    precondition(openCount < window, "BUG: opened past the in-flight window")
    lastSerial += 1
    openCount += 1
    if !isWritten { unwrittenCount += 1 }
    keptBytes += kept?.accountedBytes ?? 0
    let (serial, now) = (lastSerial, now)
    return inflight.insert {
      Inflight(
        packetIdentifier: $0, serial: serial, stage: qos == .exactlyOnce ? .awaitingReceived : .awaitingAcknowledgement,
        receipt: receipt, kept: kept, isOpen: true, sentAt: now, isWritten: isWritten,
        recordedAs: kept?.serial ?? 0)
    }
  }

  /// The order, among all that were opened, of the exchange that was opened last.
  var lastOrder: UInt64 { lastSerial }

  /// The identifier of a message that was opened and not written is durable: it is the next to go.
  mutating func mayBeWritten(_ packetIdentifier: UInt16, order: UInt64) {
    guard let entry = inflight[packetIdentifier], entry.serial == order, !entry.isWritten, entry.isOpen else { return }
    resends.append((packetIdentifier, order))
  }

  /// Gives up an exchange whose message cannot be sent any more.
  @discardableResult
  mutating func abandoned(_ packetIdentifier: UInt16) -> Recorded? {
    guard let entry = inflight.remove(packetIdentifier) else { return nil }
    closed(entry)
    return entry.recorded
  }

  mutating func enqueued(_ queued: Queued) {
    queuedBytes += queued.accountedBytes
    queue.append(queued)
  }

  /// The next message that fits the window, if any; not before everything was sent again.
  mutating func next() -> Queued? {
    guard hasWindow, resends.isEmpty, let queued = queue.popFirst() else { return nil }
    left(queued)
    return queued
  }

  mutating func receivedPuback(_ packetIdentifier: UInt16) -> AcknowledgementAction {
    guard let entry = inflight[packetIdentifier], entry.stage == .awaitingAcknowledgement else {
      return .unknownIdentifier
    }
    return complete(packetIdentifier)
  }

  mutating func receivedPubrec(_ packetIdentifier: UInt16, isError: Bool) -> AcknowledgementAction {
    guard var entry = inflight[packetIdentifier] else { return .unknownIdentifier }
    switch entry.stage {
    case .awaitingAcknowledgement:
      return .unknownIdentifier
    case .awaitingReceived where isError:
      // An error in PUBREC ends the exchange; no PUBREL follows [MQTT-4.3.3-4].
      return complete(packetIdentifier)
    case .awaitingComplete:
      return .release(nil)
    case .awaitingReceived:
      let recorded = entry.recorded
      // From here on the message is the client's; only its identifier is kept [MQTT-4.3.3-5].
      keptBytes -= entry.kept?.accountedBytes ?? 0
      entry.kept = nil
      entry.stage = .awaitingComplete
      inflight.replace(entry)
      return .release(recorded)
    }
  }

  mutating func receivedPubcomp(_ packetIdentifier: UInt16) -> AcknowledgementAction {
    guard let entry = inflight[packetIdentifier], entry.stage == .awaitingComplete else { return .unknownIdentifier }
    return complete(packetIdentifier)
  }

  private mutating func complete(_ packetIdentifier: UInt16) -> AcknowledgementAction {
    guard let entry = inflight.remove(packetIdentifier) else { return .unknownIdentifier }
    closed(entry)
    return .completed(entry.receipt, entry.recorded)
  }

  private mutating func closed(_ entry: Inflight) {
    if entry.isOpen { openCount -= 1 }
    if !entry.isWritten { unwrittenCount -= 1 }
    keptBytes -= entry.kept?.accountedBytes ?? 0
  }

  private mutating func left(_ queued: Queued) {
    queuedBytes -= queued.accountedBytes
  }

  mutating func timePassed(to now: Int64) {
    self.now = now
    inflight.trim()
  }

  /// Whether the client has left something unacknowledged for longer than `timeout` milliseconds of its connection.
  func isStalled(for timeout: Int64) -> Bool { inflight.contains { $0.isOpen && now &- $0.sentAt > timeout } }

  /// The connection ended and the session lives on. Messages that someone waits to see delivered do not wait for the next
  /// connection. Returns what is recorded of those.
  @discardableResult
  mutating func disconnected() -> [Recorded] {
    window = 0
    resends.removeAll()
    inflight.trim()
    var dropped: [Recorded] = []
    for var entry in inflight.inOrder where entry.isOpen {
      if !entry.isWritten, let receipt = entry.receipt {
        receipt.couldNotLeave()
        if let recorded = abandoned(entry.packetIdentifier) { dropped.append(recorded) }
        continue
      }
      entry.isOpen = false
      inflight.replace(entry)
    }
    openCount = 0
    for queued in removeQueued(where: { $0.receipt != nil }) {
      queued.receipt?.couldNotLeave()
      if let recorded = queued.recorded { dropped.append(recorded) }
    }
    return dropped
  }

  /// The session ended: whoever waits for what was never written is told. Returns what was recorded.
  @discardableResult
  mutating func closed() -> [Recorded] {
    let recorded = inflight.inOrder.compactMap(\.recorded) + queue.compactMap(\.recorded)
    for entry in inflight.inOrder where !entry.isWritten { entry.receipt?.couldNotLeave() }
    for queued in queue { queued.receipt?.couldNotLeave() }
    queue.removeAll()
    resends.removeAll()
    inflight.removeAll()
    openCount = 0
    unwrittenCount = 0
    queuedBytes = 0
    keptBytes = 0
    return recorded
  }

  /// Drops the newest that wait until `bytes` are free; returns how many those were, and what is recorded of them.
  mutating func shed(bytes: Int) -> (count: Int, recorded: [Recorded]) {
    let goal = max(queuedBytes - max(bytes, 0), 0)
    var count = 0
    var recorded: [Recorded] = []
    while queuedBytes > goal, let queued = queue.popLast() {
      left(queued)
      queued.receipt?.couldNotLeave()
      if let former = queued.recorded { recorded.append(former) }
      count += 1
    }
    return (count, recorded)
  }

  /// Takes out what this client was to get for a group and another member takes, in order.
  ///
  /// A QoS 2 message that was sent stays: it may have arrived [MQTT-4.8.2-4]. What nobody takes stays as it is, so that
  /// it is sent again under its identifier [MQTT-4.4.0-1]. Asks once for each.
  mutating func takeShared(where isTaken: (Queued, ShareGroup) -> Bool) -> [Queued] {
    var taken: [Queued] = []
    for entry in inflight.inOrder where entry.stage == .awaitingAcknowledgement {
      guard let kept = entry.kept, let share = kept.share, isTaken(kept, share) else { continue }
      abandoned(entry.packetIdentifier)
      taken.append(kept)
    }
    return taken + removeQueued { queued in queued.share.map { isTaken(queued, $0) } ?? false }
  }

  /// Asks once for each, in order.
  private mutating func removeQueued(where isRemoved: (Queued) -> Bool) -> [Queued] {
    guard let first = queue.firstIndex(where: isRemoved) else { return [] }
    var removed = [queue[first]]
    var rest = Deque(queue[..<first])
    left(queue[first])
    for queued in queue[(first + 1)...] {
      if isRemoved(queued) {
        left(queued)
        removed.append(queued)
      } else {
        rest.append(queued)
      }
    }
    queue = rest
    return removed
  }

  // MARK: After a restart

  /// Takes what was in flight and what waited, each in its order, into a flow that is new.
  ///
  /// Returns what is left out: of two exchanges with one identifier only the first can be.
  mutating func restore(inflight entries: [Inflight], queued: [Queued]) -> [Recorded] {
    var leftOut: [Recorded] = []
    for entry in entries {
      lastSerial = max(lastSerial, entry.serial)
      guard inflight.restore(entry) else {
        if let recorded = entry.recorded { leftOut.append(recorded) }
        continue
      }
      keptBytes += entry.kept?.accountedBytes ?? 0
    }
    for queued in queued { enqueued(queued) }
    return leftOut
  }
}

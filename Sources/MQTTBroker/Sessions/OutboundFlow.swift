import DequeModule
import MQTTProtocol

/// QoS 1 and 2 messages to one client: the in-flight window and the queue behind it (MQTT 5.0 §4.3, §4.9).
struct OutboundFlow: ~Copyable {
  /// A message that waits, as this client will get it.
  struct Queued {
    let message: StoredMessage
    let qos: QoS
    let retain: Bool
    let identifiers: [UInt32]
    let isByMe: Bool
    /// The message's receipt, where this client is among its addressees.
    let receipt: DeliveryReceipt?
    /// A retained message for a new subscription: its bytes are held anyway.
    var isRetainedCopy = false

    /// What it counts for in byte limits.
    var accountedBytes: Int { isRetainedCopy ? 128 : message.byteCount }
  }

  enum Stage {
    case awaitingAcknowledgement
    case awaitingReceived
    case awaitingComplete
  }

  struct Inflight {
    var stage: Stage
    let receipt: DeliveryReceipt?
  }

  enum AcknowledgementAction {
    /// The exchange is over; its place is free.
    case completed(DeliveryReceipt?)
    /// Answer with PUBREL.
    case release
    /// No such exchange: PUBREL carries 0x92 in MQTT 5; others are ignored.
    case unknownIdentifier
  }

  private var inflight: [UInt16: Inflight] = [:]
  private var queue: Deque<Queued> = []
  private var lastIdentifier: UInt16 = 0
  private let window: Int
  private(set) var queuedBytes = 0

  init(window: UInt16) { self.window = Int(window) }

  var inflightCount: Int { inflight.count }
  var queuedCount: Int { queue.count }

  /// Whether a new message may be written at once: order is kept, so not past a queue.
  var hasRoom: Bool { inflight.count < window && queue.isEmpty }

  /// A Packet Identifier for a message that is about to be written. Call only with room in the window.
  mutating func opened(qos: QoS, receipt: DeliveryReceipt?) -> UInt16 {
    precondition(inflight.count < window, "BUG: opened past the in-flight window")
    // The window is at most 65,535, so one identifier of 1...65,535 is free [MQTT-2.2.1-3].
    repeat {
      lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
    } while inflight[lastIdentifier] != nil
    inflight[lastIdentifier] = Inflight(
      stage: qos == .exactlyOnce ? .awaitingReceived : .awaitingAcknowledgement, receipt: receipt)
    return lastIdentifier
  }

  mutating func enqueued(_ queued: Queued) {
    queuedBytes += queued.accountedBytes
    queue.append(queued)
  }

  /// The next message that fits the window, if any.
  mutating func next() -> Queued? {
    guard inflight.count < window, let queued = queue.popFirst() else { return nil }
    queuedBytes -= queued.accountedBytes
    return queued
  }

  mutating func receivedPuback(_ packetIdentifier: UInt16) -> AcknowledgementAction {
    guard let entry = inflight[packetIdentifier], entry.stage == .awaitingAcknowledgement else {
      return .unknownIdentifier
    }
    inflight[packetIdentifier] = nil
    return .completed(entry.receipt)
  }

  mutating func receivedPubrec(_ packetIdentifier: UInt16, isError: Bool) -> AcknowledgementAction {
    guard let entry = inflight[packetIdentifier] else { return .unknownIdentifier }
    switch entry.stage {
    case .awaitingAcknowledgement:
      return .unknownIdentifier
    case .awaitingReceived where isError:
      // An error in PUBREC ends the exchange; no PUBREL follows [MQTT-4.3.3-4].
      inflight[packetIdentifier] = nil
      return .completed(entry.receipt)
    case .awaitingReceived, .awaitingComplete:
      inflight[packetIdentifier]?.stage = .awaitingComplete
      return .release
    }
  }

  mutating func receivedPubcomp(_ packetIdentifier: UInt16) -> AcknowledgementAction {
    guard let entry = inflight[packetIdentifier], entry.stage == .awaitingComplete else { return .unknownIdentifier }
    inflight[packetIdentifier] = nil
    return .completed(entry.receipt)
  }

  /// The connection ended: whoever waits for what was never written is told.
  mutating func closed() {
    for queued in queue { queued.receipt?.couldNotLeave() }
    queue.removeAll()
    inflight.removeAll()
    queuedBytes = 0
  }
}

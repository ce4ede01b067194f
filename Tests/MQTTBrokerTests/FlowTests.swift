import MQTTProtocol
import Testing

@testable import MQTTBroker

@Suite struct InboundFlowTests {
  @Test func takesEachPacketIdentifierOnce() {
    var flow = InboundFlow()
    #expect(flow.receivedPublish(1) == .accept)
    #expect(flow.receivedPublish(1) == .acknowledgeAgain)
    #expect(flow.receivedPublish(2) == .accept)
    let released = (flow.receivedRelease(1), flow.receivedRelease(1))
    #expect(released.0 && !released.1)
    #expect(flow.receivedPublish(1) == .accept)
    flow.refusedPublish(1)
    #expect(flow.receivedPublish(1) == .accept)
  }
}

extension OutboundFlow {
  /// A flow whose client is connected.
  init(window: UInt16) {
    self.init()
    connected(window: window, limits: BrokerLimits(), at: 0)
  }
}

@Suite struct OutboundFlowTests {
  private func queued(_ payload: String, receipt: DeliveryReceipt? = nil) -> OutboundFlow.Queued {
    OutboundFlow.Queued(
      message: StoredMessage(topic: [97], payload: Array(payload.utf8), qos: .atLeastOnce, retain: false),
      qos: .atLeastOnce, retain: false, identifiers: [], isByMe: false, receipt: receipt)
  }

  private func isCompleted(_ action: OutboundFlow.AcknowledgementAction) -> Bool {
    if case .completed = action { return true }
    return false
  }

  private func isRelease(_ action: OutboundFlow.AcknowledgementAction) -> Bool {
    if case .release = action { return true }
    return false
  }

  @Test func keepsTheWindowAndTheOrder() {
    var flow = OutboundFlow(window: 2)
    let first = flow.opened(qos: .atLeastOnce, receipt: nil)
    let second = flow.opened(qos: .atLeastOnce, receipt: nil)
    #expect(first != second)
    let isFull = !flow.hasRoom
    #expect(isFull)
    flow.enqueued(queued("a"))
    flow.enqueued(queued("b"))
    let waiting = flow.queuedBytes
    #expect(waiting > 0)
    let tooEarly = flow.next() != nil
    #expect(!tooEarly)
    #expect(isCompleted(flow.receivedPuback(first)))
    // Nobody may pass the queue.
    let hasRoom = flow.hasRoom
    #expect(!hasRoom)
    let next = flow.next()?.message.payload
    #expect(next == Array("a".utf8))
  }

  @Test func aPacketIdentifierInUseIsNotGivenAgain() {
    var flow = OutboundFlow(window: .max)
    let held = flow.opened(qos: .exactlyOnce, receipt: nil)
    var others: Set<UInt16> = []
    for _ in 0..<65_534 {
      let identifier = flow.opened(qos: .atLeastOnce, receipt: nil)
      others.insert(identifier)
      _ = flow.receivedPuback(identifier)
    }
    for _ in 0..<3 { others.insert(flow.opened(qos: .atLeastOnce, receipt: nil)) }
    #expect(!others.contains(held))
    #expect(!others.contains(0))
  }

  @Test func exactlyOnceGoesThroughAllItsSteps() {
    var flow = OutboundFlow(window: 4)
    let id = flow.opened(qos: .exactlyOnce, receipt: nil)
    #expect(!isCompleted(flow.receivedPuback(id)))
    #expect(!isCompleted(flow.receivedPubcomp(id)))
    #expect(isRelease(flow.receivedPubrec(id, isError: false)))
    #expect(isRelease(flow.receivedPubrec(id, isError: false)))
    #expect(isCompleted(flow.receivedPubcomp(id)))
    #expect(!isCompleted(flow.receivedPubcomp(id)))
    let refused = flow.opened(qos: .exactlyOnce, receipt: nil)
    #expect(isCompleted(flow.receivedPubrec(refused, isError: true)))
    let inflight = flow.inflightCount
    #expect(inflight == 0)
  }

  @Test func unknownIdentifiersAreSaidToBeUnknown() {
    var flow = OutboundFlow(window: 4)
    let id = flow.opened(qos: .atLeastOnce, receipt: nil)
    for action in [flow.receivedPuback(id &+ 1), flow.receivedPubrec(id, isError: false), flow.receivedPubcomp(id)] {
      guard case .unknownIdentifier = action else {
        Issue.record("expected unknownIdentifier, got \(action)")
        continue
      }
    }
  }

  // MARK: Across connections

  private func publishes(_ flow: inout OutboundFlow) -> [String] {
    var sent: [String] = []
    while let resend = flow.nextResend() {
      switch resend {
      case .publish(let queued, let identifier, _):
        sent.append("\(String(decoding: queued.message.payload, as: UTF8.self)) \(identifier)")
      case .release(let identifier): sent.append("release \(identifier)")
      }
    }
    return sent
  }

  @Test func whatWasInFlightIsSentAgainInItsOrder() {
    var flow = OutboundFlow(window: 10)
    let ids = ["a", "b", "c", "d"].map { name in
      flow.opened(qos: name == "c" ? .exactlyOnce : .atLeastOnce, receipt: nil, kept: queued(name))
    }
    #expect(isCompleted(flow.receivedPuback(ids[1])))
    #expect(isRelease(flow.receivedPubrec(ids[2], isError: false)))
    flow.enqueued(queued("e"))
    flow.disconnected()
    flow.connected(window: 10, limits: BrokerLimits(), at: 0)
    let early = flow.next() == nil
    #expect(early, "nothing new passes what is sent again")
    let again = publishes(&flow)
    #expect(again == ["a \(ids[0])", "release \(ids[2])", "d \(ids[3])"])
    let next = flow.next()?.message.payload
    #expect(next == Array("e".utf8))
    #expect(isCompleted(flow.receivedPubcomp(ids[2])))
    #expect(isCompleted(flow.receivedPuback(ids[0])))
    #expect(isCompleted(flow.receivedPuback(ids[3])))
    let rest = (flow.inflightCount, flow.keptBytes, flow.queuedBytes)
    #expect(rest == (0, 0, 0))
  }

  @Test func aSmallerWindowHoldsTheResendsBack() {
    var flow = OutboundFlow(window: 4)
    let ids = ["a", "b", "c"].map { flow.opened(qos: .atLeastOnce, receipt: nil, kept: queued($0)) }
    flow.disconnected()
    flow.connected(window: 1, limits: BrokerLimits(), at: 0)
    #expect(publishes(&flow) == ["a \(ids[0])"])
    #expect(isCompleted(flow.receivedPuback(ids[0])))
    #expect(publishes(&flow) == ["b \(ids[1])"])
    let hasRoom = flow.hasRoom
    #expect(!hasRoom)
  }

  @Test func onlyWhatTheSessionOwesSurvivesADisconnect() {
    let receipt = DeliveryReceipt(addressee: .exactSubscribers, subjects: []) { _, _ in }
    var flow = OutboundFlow(window: 1)
    _ = flow.opened(qos: .atLeastOnce, receipt: nil, kept: queued("a"))
    flow.enqueued(queued("kept"))
    flow.enqueued(queued("awaited", receipt: receipt))
    flow.disconnected()
    let count = flow.queuedCount
    #expect(count == 1)
  }

  @Test func sheddingTakesTheNewest() {
    var flow = OutboundFlow(window: 0)
    for name in ["a", "b", "c"] { flow.enqueued(queued(name)) }
    let shed = flow.shed(bytes: 1).count
    #expect(shed == 1)
    flow.connected(window: 10, limits: BrokerLimits(), at: 0)
    let left = [flow.next(), flow.next(), flow.next()].map { $0?.message.payload }
    #expect(left == [Array("a".utf8), Array("b".utf8), nil])
    let bytes = flow.messageBytes
    #expect(bytes == 0)
  }

  @Test func aGroupGetsBackWhatOneMemberLeft() {
    let group = ShareGroup(name: Array("$share/g/a".utf8), filter: [97])
    func shared(_ payload: String, _ qos: QoS) -> OutboundFlow.Queued {
      OutboundFlow.Queued(
        message: StoredMessage(topic: [97], payload: Array(payload.utf8), qos: qos, retain: false), qos: qos,
        retain: false, identifiers: [], isByMe: false, receipt: nil, share: group)
    }
    var flow = OutboundFlow(window: 3)
    _ = flow.opened(qos: .atLeastOnce, receipt: nil, kept: shared("sent once", .atLeastOnce))
    _ = flow.opened(qos: .exactlyOnce, receipt: nil, kept: shared("sent twice", .exactlyOnce))
    _ = flow.opened(qos: .atLeastOnce, receipt: nil, kept: queued("own"))
    flow.enqueued(shared("waiting", .exactlyOnce))
    flow.enqueued(queued("own, waiting"))
    flow.disconnected()
    let refused = flow.takeShared { _, _ in false }.count
    let kept = (flow.inflightCount, flow.queuedCount)
    #expect(refused == 0 && kept == (3, 2), "what nobody takes stays as it is [MQTT-4.4.0-1]")
    let taken = flow.takeShared { _, share in share === group }
      .map { String(decoding: $0.message.payload, as: UTF8.self) }
    // A QoS 2 message that was sent may have arrived [MQTT-4.8.2-4].
    #expect(taken == ["sent once", "waiting"])
    let rest = (flow.inflightCount, flow.queuedCount)
    #expect(rest == (2, 1))
  }
}

import MQTTProtocol
import Testing

@testable import MQTTBroker

@Suite struct InboundFlowTests {
  @Test func takesEachPacketIdentifierOnce() {
    var flow = InboundFlow()
    #expect(flow.receivedPublish(1, receiveMaximum: 2) == .accept)
    #expect(flow.receivedPublish(1, receiveMaximum: 2) == .acknowledgeAgain)
    #expect(flow.receivedPublish(2, receiveMaximum: 2) == .accept)
    #expect(flow.receivedPublish(3, receiveMaximum: 2) == .exceedsReceiveMaximum)
    let released = (flow.receivedRelease(1), flow.receivedRelease(1))
    #expect(released.0 && !released.1)
    #expect(flow.receivedPublish(1, receiveMaximum: 2) == .accept)
    flow.refusedPublish(1)
    #expect(flow.receivedPublish(1, receiveMaximum: 2) == .accept)
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
}

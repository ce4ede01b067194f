import DeviceAgentKit
import MosquittoClient
import Testing

@Suite("An agent's decisions under whatever happens")
struct AgentSessionFuzzTests {
  private static let codes: [MosquittoReasonCode] = [
    .success, .success, .success, .quotaExceeded, .payloadFormatInvalid,
  ]

  @Test("Nothing is lost but what is dropped and counted, and it never asks to be woken in the past", arguments: 0..<40)
  func accounting(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var bench = SessionBench(seed: seed, queue: TelemetryQueue(maximumCount: 50))
    var nextSequence: UInt64 = 0
    var onTheWay: [AgentPublication.Kind] = []
    for _ in 0..<2000 {
      switch Int.random(in: 0..<12, using: &random) {
      case 0...3: bench.pass(.milliseconds(Int64.random(in: 0...700, using: &random)))
      case 4: bench.session.connectionBegun(at: bench.now.sinceBoot)
      case 5: bench.receive(.connected(sessionPresent: false))
      case 6: bench.receive(.subscribed(id: 0, [Self.codes.randomElement(using: &random) ?? .success]))
      case 7 where Int.random(in: 0..<4, using: &random) == 0: bench.receive(.disconnected(.connectionLost))
      case 8 where Int.random(in: 0..<8, using: &random) == 0: bench.receive(.refused(.notAuthorized))
      case 9: bench.note(bench.session.connectionFailed("x", at: bench.now.sinceBoot))
      case 10: bench.receive(on: bench.topics.nextCommandResponse, #"{"commands":[]}"#)
      default:
        if let index = onTheWay.indices.randomElement(using: &random) {
          bench.acknowledge(onTheWay.remove(at: index), Self.codes.randomElement(using: &random) ?? .success)
        }
      }
      bench.tick()
      for action in bench.take() {
        switch action {
        case .readSensors:
          nextSequence += 1
          bench.enqueue(nextSequence)
        case .publish(let publication): onTheWay.append(publication.kind)
        case .dropConnection: onTheWay = []
        case .finish: Issue.record("it ended by itself")
        default: break
        }
      }
      for action in bench.take() { if case .publish(let publication) = action { onTheWay.append(publication.kind) } }
      let queue = bench.session.queue
      #expect(UInt64(queue.count) + queue.acknowledged + queue.rejected + queue.dropped == nextSequence)
      #expect(queue.count <= 50)
      if case .online = bench.session.phase {} else { #expect(queue.inFlight == 0) }
      guard let deadline = bench.session.nextDeadline else {
        Issue.record("nothing would ever happen again")
        return
      }
      #expect(deadline >= bench.now.sinceBoot)
    }
    #expect(nextSequence > 100)
    #expect(bench.session.queue.acknowledged > 0)
  }
}

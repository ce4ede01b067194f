import DeviceAgentKit
import Testing

@Suite("The queue of telemetry")
struct TelemetryQueueTests {
  private static func payload(_ sequence: UInt64) -> [UInt8] { Array("\(sequence)".utf8) }

  @Test("Oldest first, a bounded number on the way, gone only when acknowledged")
  func order() {
    var queue = TelemetryQueue()
    for sequence in 1...UInt64(40) { queue.append(sequence: sequence, payload: Self.payload(sequence)) }
    var sent: [UInt64] = []
    while let next = queue.nextToSend(at: .zero) { sent.append(next.sequence) }
    #expect(sent == Array(1...UInt64(AgentLimits.messagesInFlight)))
    queue.acknowledge(3)
    #expect(queue.nextToSend(at: .zero)?.sequence == UInt64(AgentLimits.messagesInFlight) + 1)
    queue.connectionEnded()
    #expect(queue.nextToSend(at: .zero)?.sequence == 1)
    #expect(queue.count == 39)
    #expect(queue.acknowledged == 1)
  }

  @Test("A refusal for now waits, a refusal for good does not come back")
  func refusals() {
    var queue = TelemetryQueue()
    for sequence in 1...UInt64(3) { queue.append(sequence: sequence, payload: Self.payload(sequence)) }
    for _ in 1...3 { _ = queue.nextToSend(at: .zero) }
    queue.retry(1, at: .seconds(5))
    queue.reject(2)
    queue.acknowledge(3)
    #expect(queue.nextToSend(at: .milliseconds(4999)) == nil)
    #expect(queue.nextRetry == .seconds(5))
    #expect(queue.nextToSend(at: .seconds(5))?.sequence == 1)
    #expect((queue.rejected, queue.acknowledged, queue.count) == (1, 1, 1))
  }

  @Test("Against a plain model: bounded, oldest dropped, everything accounted for")
  func model() {
    var random = SplitMix64(seed: 31)
    for _ in 0..<50 {
      let maximumCount = Int.random(in: 1...40, using: &random)
      let maximumBytes = Int.random(in: 10...400, using: &random)
      var queue = TelemetryQueue(maximumCount: maximumCount, maximumBytes: maximumBytes)
      var model: [(sequence: UInt64, size: Int, isInFlight: Bool)] = []
      var next: UInt64 = 0
      var dropped: UInt64 = 0
      for _ in 0..<400 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5:
          next += 1
          let size = Int.random(in: 1...30, using: &random)
          queue.append(sequence: next, payload: [UInt8](repeating: 0, count: size))
          model.append((next, size, false))
          while model.count > maximumCount || model.map(\.size).reduce(0, +) > maximumBytes, !model.isEmpty {
            model.removeFirst()
            dropped += 1
          }
        case 5..<7:
          let isFree = model.count { $0.isInFlight } < AgentLimits.messagesInFlight
          let expected = isFree ? model.firstIndex { !$0.isInFlight } : nil
          #expect(queue.nextToSend(at: .zero)?.sequence == expected.map { model[$0].sequence })
          if let expected { model[expected].isInFlight = true }
        case 7..<9:
          // Also numbers that are long gone.
          let sequence = UInt64.random(in: 0...max(next, 1), using: &random)
          queue.acknowledge(sequence)
          model.removeAll { $0.sequence == sequence }
        default:
          queue.connectionEnded()
          for index in model.indices { model[index].isInFlight = false }
        }
        #expect(queue.count == model.count)
        #expect(queue.bytes == model.map(\.size).reduce(0, +))
        #expect(queue.inFlight == model.count { $0.isInFlight })
        #expect(queue.dropped == dropped)
      }
    }
  }

  @Test("A message is written as the hub reads it")
  func message() {
    let message = TelemetryMessage(
      boot: "b-1", sequence: 17, unixMilliseconds: 1_700_000_000_123,
      values: [MetricReading("t", 21.5), MetricReading("open", true), MetricReading("n", 3), MetricReading("s", "x\"")])
    let text = #"{"boot":"b-1","seq":17,"ts":1700000000123,"values":{"n":3,"open":true,"s":"x\"","t":21.5}}"#
    #expect(String(decoding: message.payload, as: UTF8.self) == text)
  }
}

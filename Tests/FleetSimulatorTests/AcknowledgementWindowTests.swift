import Testing

@testable import FleetSimulator

@Suite struct AcknowledgementWindowTests {
  @Test("Agrees with a dictionary, whatever comes in whatever order", arguments: [1, 2, 7, 100])
  func agreesWithDictionary(size: Int) {
    var window = AcknowledgementWindow(size: size)
    var model: [UInt16: Int64] = [:]
    var generator = SplitMix64(seed: UInt64(size))
    for step in Int64(1)...5000 {
      if Bool.random(using: &generator) {
        let identifier = window.nextIdentifier
        let isFree = model[identifier] == nil
        let isSent = window.send(at: step)
        #expect(isSent == isFree)
        if isFree { model[identifier] = step }
      } else {
        let identifier = UInt16.random(in: 0...UInt16(size + 1), using: &generator)
        let time = window.acknowledge(identifier)
        #expect(time == model.removeValue(forKey: identifier))
      }
      let (inFlight, free) = (window.inFlight, window.free)
      #expect(inFlight == model.count)
      #expect(free == size - model.count)
    }
  }

  @Test("Identifiers run from 1 to the size and start again")
  func identifiers() {
    var window = AcknowledgementWindow(size: 3)
    var seen: [UInt16] = []
    for time in Int64(1)...7 {
      let identifier = window.nextIdentifier
      let isSent = window.send(at: time)
      let acknowledged = window.acknowledge(identifier)
      #expect(isSent && acknowledged == time)
      seen.append(identifier)
    }
    #expect(seen == [1, 2, 3, 1, 2, 3, 1])
  }

  @Test("A smaller Receive Maximum of the hub makes the window smaller", arguments: [(100, 20, 20), (10, 20, 10)])
  func shrinking(size: Int, limit: Int, result: Int) {
    var window = AcknowledgementWindow(size: size)
    window.shrink(to: limit)
    var sent = 0
    while sent < 1000, window.send(at: 1) { sent += 1 }
    #expect(sent == result)
    let free = window.free
    #expect(free == 0)
  }

  @Test(
    "A run of short PUBACKs is taken up to the first packet that is none, or unknown, or cut",
    arguments: [
      ([], 0), ([0x40, 2, 0, 1], 1), ([0x40, 2, 0, 1, 0x40, 2, 0, 3, 0x40, 2, 0, 2], 3),
      ([0x40, 2, 0, 1, 0x40, 2, 0], 1), ([0x40, 2, 0, 1, 0xD0, 0, 0x40, 2, 0, 2], 1),
      ([0x40, 2, 0, 1, 0x40, 2, 0, 1], 1), ([0x40, 2, 0, 0], 0), ([0x40, 2, 0, 4], 0), ([0x40, 2, 0xFF, 0xFF], 0),
      ([0x40, 3, 0, 1, 0], 0),
    ] as [([UInt8], Int)])
  func batches(bytes: [UInt8], expected: Int) {
    var window = AcknowledgementWindow(size: 3)
    for time in Int64(1)...3 { _ = window.send(at: time) }
    var histogram = LatencyHistogram()
    let count = bytes.withUnsafeBytes { window.acknowledgeFront(of: $0, at: 10, into: &histogram) }
    let inFlight = window.inFlight
    #expect(count == expected)
    #expect(inFlight == 3 - expected)
    #expect(histogram.total == UInt64(expected))
  }
}

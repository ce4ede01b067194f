import Testing

@testable import FleetSimulator

@Suite struct SendScheduleTests {
  @Test(
    "Shares add up to the whole and differ by one at most", arguments: [(10, 3), (1, 7), (100, 100), (99_999, 1000)])
  func shares(total: Int, connections: Int) {
    let shares = (0..<connections).map {
      SendSchedule.share(of: total, connection: $0, connections: connections)
    }
    #expect(shares.reduce(0, +) == total)
    #expect(shares.allSatisfy { $0 == total / connections || $0 == total / connections + 1 })
  }

  @Test("The loops' cursors together send every message once, in order and evenly", arguments: [1, 2, 3])
  func cursors(loops: Int) {
    let connections = 7
    let schedule = SendSchedule(start: 1000, messagesPerSecond: 1e6, connections: connections)
    var times: [Int64] = []
    for loop in 0..<loops {
      let numbers = Array(stride(from: loop, to: connections, by: loops))
      var cursor = PaceCursor(schedule: schedule, connections: numbers)
      var counts = [Int](repeating: 0, count: numbers.count)
      var own: [Int64] = []
      // Woken now and then, as an event loop is.
      for now in stride(from: Int64(0), through: 1000 + 699_999, by: 3333) + [1000 + 699_999] {
        while let position = cursor.popDue(at: now) {
          let due = schedule.dueTime(message: counts[position], connection: numbers[position])
          #expect(due <= now)
          own.append(due)
          counts[position] += 1
        }
        #expect(cursor.nextDueTime > now)
      }
      #expect(counts.allSatisfy { $0 == 100 })
      #expect(own == own.sorted())
      times += own
    }
    #expect(times.sorted() == (0..<700).map { 1000 + Int64($0) * 1000 })
  }
}

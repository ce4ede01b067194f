import DeviceAgentKit
import Testing

@Suite("Intervals without drift")
struct ScheduleTests {
  @Test("However late each is served, the phase stays")
  func phase() {
    var random = SplitMix64(seed: 1)
    var schedule = Schedule(interval: .milliseconds(250), first: .seconds(10))
    var now = Duration.seconds(10)
    for _ in 0..<10_000 {
      now = schedule.next + .microseconds(Int64.random(in: 0..<240_000, using: &random))
      #expect(schedule.isDue(at: now) == true)
      #expect(schedule.isDue(at: now) == false)
    }
    #expect(schedule.next == .seconds(10) + .milliseconds(250) * 10_000)
    #expect(schedule.missed == 0)
  }

  /// Seconds late, with how many instants are skipped; the interval is one second.
  static let late: [(Duration, UInt64)] = [
    (.zero, 0), (.milliseconds(999), 0), (.seconds(1), 1), (.milliseconds(1001), 1), (.seconds(3600), 3600),
  ]

  @Test("What was missed is counted and not made up for", arguments: late)
  func missed(_ row: (late: Duration, missed: UInt64)) {
    var schedule = Schedule(interval: .seconds(1), first: .seconds(5))
    #expect(schedule.isDue(at: .milliseconds(4999)) == false)
    #expect(schedule.isDue(at: .seconds(5) + row.late) == true)
    #expect(schedule.missed == row.missed)
    #expect(schedule.next > .seconds(5) + row.late)
    #expect(schedule.next <= .seconds(6) + row.late)
  }

  @Test("A clock that leaps by centuries does not trap")
  func leap() {
    var schedule = Schedule(interval: .milliseconds(100), first: .zero)
    #expect(schedule.isDue(at: .seconds(Int64.max / 4)) == true)
    #expect(schedule.next > .seconds(Int64.max / 4))
  }

  @Test("Another interval begins now")
  func change() {
    var schedule = Schedule(interval: .seconds(60), first: .zero)
    schedule.change(interval: .seconds(2), at: .seconds(100))
    #expect(schedule.next == .seconds(102))
    #expect(schedule.interval == .seconds(2))
  }
}

import Testing

@testable import TelemetryHub

@Suite struct SystemTopicsTests {
  struct Look: Sendable {
    let time: Int64
    let isWatched: Bool
    let isDue: Bool

    init(_ time: Int64, watched isWatched: Bool, due isDue: Bool) {
      self.time = time
      self.isWatched = isWatched
      self.isDue = isDue
    }
  }

  static let looks: [[Look]] = [
    // Nobody watches: at the start, then every ten seconds.
    [
      Look(1_000, watched: false, due: true), Look(2_000, watched: false, due: false),
      Look(10_999, watched: false, due: false), Look(11_000, watched: false, due: true),
      Look(20_999, watched: false, due: false), Look(21_500, watched: false, due: true),
      Look(31_000, watched: false, due: false), Look(31_500, watched: false, due: true),
    ],
    // Who begins to watch sees how it is now, and every ten seconds from then on.
    [
      Look(0, watched: false, due: true), Look(4_000, watched: true, due: true),
      Look(5_000, watched: true, due: false), Look(10_000, watched: true, due: false),
      Look(14_000, watched: true, due: true), Look(15_000, watched: false, due: false),
      Look(16_000, watched: true, due: true), Look(17_000, watched: true, due: false),
    ],
  ]

  @Test(arguments: looks)
  func knowsWhenToLook(_ looks: [Look]) {
    var topics = SystemTopics(version: "1", startedAt: 0)
    for look in looks {
      let isDue = topics.isDue(isWatched: look.isWatched, at: look.time)
      #expect(isDue == look.isDue, "at \(look.time)")
      if isDue { _ = topics.refresh(SystemSnapshot(), at: look.time) }
    }
  }

  @Test func publishesEverythingOnceAndThenWhatChanged() {
    var topics = SystemTopics(version: "1.0", startedAt: 0)
    var snapshot = SystemSnapshot()
    let all = topics.refresh(snapshot, at: 0)
    #expect(all == SystemTree.values(version: "1.0", snapshot, SystemLoad(startedAt: 0)))
    #expect(topics.refresh(snapshot, at: 10_000) == [])

    snapshot.uptime = 20
    snapshot.clientsConnected = 1
    #expect(
      topics.refresh(snapshot, at: 20_000) == [
        SystemValue("uptime", "20 seconds"), SystemValue("clients/total", "1"), SystemValue("clients/connected", "1"),
        SystemValue("clients/active", "1"),
      ])

    // A moving average goes on changing after what moved it: 6 in 10 s are 36 a minute.
    snapshot.publishesDropped = 6
    #expect(
      topics.refresh(snapshot, at: 30_000) == [
        SystemValue("publish/messages/dropped", "6"), SystemValue("load/publish/dropped/1min", "5.53"),
        SystemValue("load/publish/dropped/5min", "1.18"), SystemValue("load/publish/dropped/15min", "0.40"),
      ])
    #expect(
      topics.refresh(snapshot, at: 40_000) == [
        SystemValue("load/publish/dropped/1min", "4.68"), SystemValue("load/publish/dropped/5min", "1.14"),
        SystemValue("load/publish/dropped/15min", "0.39"),
      ])
  }
}

import MQTTBroker
import MQTTProtocol
import MQTTTestSupport

extension SimulatedWorld {
  /// At most so many milliseconds from now, or within a time that the seed chooses.
  func planDeath(within milliseconds: Int? = nil) {
    guard restartsLeft > 0 else { return }
    restartsLeft -= 1
    plan(.hubDies, in: random.time(1...(milliseconds ?? random.pick([200, 2_000, 20_000]))))
  }

  /// kill -9 at whatever point the commits have reached, and a new start from what they left.
  func hubDies() {
    guard phase == .active else { return }
    let waiting = commitQueue.waiting
    // The disk may have been ahead of what it has told.
    let count = random.chance(50) ? 0 : random.below(waiting + 1)
    commitQueue.commit(count)
    trace { "the hub dies with \(waiting - count) records that are not committed" }
    model.hubDied()
    let dropped = broker.statistics.dropped
    formerlyDropped.slowReader += dropped.slowReader
    formerlyDropped.queueFull += dropped.queueFull
    formerlyDropped.totalFull += dropped.totalFull
    formerlyDropped.mailboxFull += dropped.mailboxFull
    for place in liveLinks {
      channels[place].die()
      let link = links[place]
      if link.down.count > 0, random.chance(50) { link.down.truncate(to: random.below(link.down.count + 1)) }
      serverCloses(link)
    }
    commitQueue = ManualCommitQueue()
    broker = Broker(limits: profile.limits, shardCount: profile.shardCount, commitQueue: commitQueue)
    let kept = broker.restore(database.state, at: time)
    trace { "it goes on with \(kept)" }
    makeShards()
    planDeath()
  }
}

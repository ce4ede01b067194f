/// A topic with its publishers, who send in turn what its window allows.
final class TopicGroup {
  private var window: DeliveryWindow
  private var publishers: [Publisher] = []
  private let hasSubscribers: Bool
  private var next = 0
  private var isQueued = false

  init(window: Int, subscribers: Int) {
    self.window = DeliveryWindow(window: window, subscribers: subscribers)
    hasSubscribers = subscribers > 0
  }

  /// Messages in which subscribers report.
  var batch: Int { window.batch }

  func add(_ publisher: Publisher) { publishers.append(publisher) }

  /// A subscriber has all of a batch. Returns whether that lets the publishers go on.
  func subscriberFinished(batch index: Int) -> Bool { window.subscriberFinished(batch: index) }

  /// Has its publishers send what is allowed and returns how many messages that was.
  ///
  /// Without subscribers one of them fills `memory` at most, and the group queues itself again where it could go on at
  /// once: answers have to be read in between.
  func publish(through memory: UnsafeMutableRawBufferPointer, ready: inout [TopicGroup]) throws -> Int {
    isQueued = false
    var sent = 0
    var idle = 0
    let share = hasSubscribers ? max(1, batch / publishers.count) : .max
    while idle < publishers.count, window.allowance > 0 {
      let publisher = publishers[next]
      next = (next + 1) % publishers.count
      let count = min(window.allowance, share, publisher.room)
      guard count > 0 else {
        idle += 1
        continue
      }
      idle = 0
      let taken = try publisher.publish(count, through: memory)
      window.publish(taken)
      sent += taken
      if !hasSubscribers {
        if publisher.room > 0 { queue(in: &ready) }
        break
      }
    }
    return sent
  }

  /// Puts it into the list of those to look at, once.
  func queue(in ready: inout [TopicGroup]) {
    guard !isQueued else { return }
    isQueued = true
    ready.append(self)
  }
}

/// A connection that receives one topic.
final class Subscriber {
  let socket: LoadSocket
  private let group: TopicGroup
  private var delivered = 0
  private var batches = 0

  init(socket: LoadSocket, group: TopicGroup) {
    self.socket = socket
    self.group = group
  }

  /// Counts messages; the topic learns of each batch that is complete.
  func received(_ count: Int, ready: inout [TopicGroup]) {
    delivered += count
    while delivered >= (batches + 1) * group.batch {
      if group.subscriberFinished(batch: batches) { group.queue(in: &ready) }
      batches += 1
    }
  }
}

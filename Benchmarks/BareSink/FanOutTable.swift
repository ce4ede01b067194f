import NIOCore

/// Who subscribed to which topic, on one event loop: publishes are passed on as they came, whole runs of them at a time.
///
/// No wildcards, and a publish reaches subscribers at its own QoS under its publisher's packet identifier.
struct FanOutTable {
  private var subscribers: [TopicKey: [any Channel]] = [:]

  mutating func add(_ channel: any Channel, to topic: TopicKey) { subscribers[topic, default: []].append(channel) }

  mutating func remove(_ channel: any Channel) {
    for topic in subscribers.keys { subscribers[topic]?.removeAll { $0 === channel } }
  }

  /// Writes each run of `bytes` to those who subscribed to its topic.
  func forward(_ runs: [PublishRun], of bytes: UnsafeRawBufferPointer) {
    for run in runs {
      guard let channels = subscribers[run.topic], let first = channels.first else { continue }
      let copy = first.allocator.buffer(bytes: UnsafeRawBufferPointer(rebasing: bytes[run.range]))
      for channel in channels { channel.writeAndFlush(copy, promise: nil) }
    }
  }
}

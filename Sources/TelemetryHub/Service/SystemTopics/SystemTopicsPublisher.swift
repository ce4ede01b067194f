import MQTTBroker
import MQTTProtocol
import Synchronization

/// Keeps the values under `$SYS` as retained messages of the broker, so that whoever subscribes has them at once.
///
/// They are refreshed whether or not somebody watches: a value is never older than ten seconds, also for a client that
/// asks once and leaves, and the moving averages need their samples anyway.
final class SystemTopicsPublisher: Sendable {
  /// How many retained messages they are.
  static let topicCount: Int = {
    var snapshot = SystemSnapshot()
    snapshot.heapBytes = ProcessMemory.residentAnonymousBytes()
    return SystemTree.values(version: HubVersion.current, snapshot, SystemLoad(startedAt: 0)).count
  }()

  private let broker: Broker
  private let startedAt: Int64
  private let topics: Mutex<SystemTopics>

  /// `startedAt` and all times: milliseconds of a clock that never jumps.
  init(broker: Broker, startedAt: Int64) {
    self.broker = broker
    self.startedAt = startedAt
    topics = Mutex(SystemTopics(version: HubVersion.current, startedAt: startedAt))
  }

  /// Call about once a second.
  func timePassed(to time: Int64) {
    let isWatched = broker.hasSystemSubscribers
    let changed = topics.withLock { topics -> [SystemValue] in
      guard topics.isDue(isWatched: isWatched, at: time) else { return [] }
      let snapshot = SystemSnapshot(
        broker, uptime: Int((time - startedAt) / 1_000), heapBytes: ProcessMemory.residentAnonymousBytes())
      return topics.refresh(snapshot, at: time)
    }
    for value in changed {
      // QoS 0: a value that could not be delivered is worth nothing ten seconds later, and must not fill a session.
      broker.publish(
        HubPublish(topic: Array(value.topic.utf8), payload: Array(value.payload.utf8), qos: .atMostOnce, retain: true))
    }
  }
}

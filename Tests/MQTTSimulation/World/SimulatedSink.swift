import Durability
import MQTTBroker
import MQTTProtocol

/// The hub behind the broker, as one event loop sees it: says which reads must be durable before they are acknowledged.
final class SimulatedSink: MessageSink {
  private let commitQueue: any CommitQueue
  private let durablePercent: Int
  private var random: SimulationRandom
  /// Whether this read brought something that a store would keep; the network says so before it ends the read.
  var readBringsReadings = false
  /// Connections that were announced and not yet ended.
  private(set) var connected = 0

  init(commitQueue: any CommitQueue, durablePercent: Int, random: SimulationRandom) {
    self.commitQueue = commitQueue
    self.durablePercent = durablePercent
    self.random = random
  }

  func received(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
    at time: BrokerTime
  ) -> PublishAnswer { .success }

  func endedRead(at time: BrokerTime) -> CommitSequence {
    guard readBringsReadings else { return .none }
    readBringsReadings = false
    guard random.chance(durablePercent) else { return .none }
    return commitQueue.append(.device(name: "simulated", fact: []), urgency: .immediate)
  }

  func connected(_ client: ClientConnection, at time: BrokerTime) { connected += 1 }

  func disconnected(_ client: ClientConnection, because reason: DisconnectReason, at time: BrokerTime) {
    connected -= 1
  }

  func subscribed(_ client: ClientConnection, to topic: DeviceTopic, qos: QoS, at time: BrokerTime) {}
  func unsubscribed(_ client: ClientConnection, from topic: DeviceTopic, at time: BrokerTime) {}
}

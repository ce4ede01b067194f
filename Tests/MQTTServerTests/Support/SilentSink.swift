import Durability
import MQTTBroker
import MQTTProtocol

/// A sink that takes everything.
final class SilentSink: MessageSink {
  func received(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
    at time: BrokerTime
  ) -> PublishAnswer { .success }
  func endedRead(at time: BrokerTime) -> CommitSequence { .none }
  func connected(_ client: ClientConnection, at time: BrokerTime) {}
  func disconnected(_ client: ClientConnection, because reason: DisconnectReason, at time: BrokerTime) {}
  func subscribed(_ client: ClientConnection, to topic: DeviceTopic, qos: QoS, at time: BrokerTime) {}
  func unsubscribed(_ client: ClientConnection, from topic: DeviceTopic, at time: BrokerTime) {}
}

import Durability
import MQTTBroker
import MQTTProtocol

/// A sink that takes every message and answers success: what is tested here is MQTT alone.
final class QuietSink: MessageSink {
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

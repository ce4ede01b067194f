package import Durability
package import MQTTProtocol

/// What the hub does with messages beyond brokering them. One for each event loop, called on it only.
package protocol MessageSink: AnyObject {
  /// A message on a topic of the topic table, from a publisher who may. `client` is nil where it came from inside.
  ///
  /// The answer is the publisher's: anything but success is not delivered to subscribers.
  func received(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
    at time: BrokerTime
  ) -> PublishAnswer

  /// All that came in one read was handed over. Returns the sequence whose commit the acknowledgements wait for.
  func endedRead(at time: BrokerTime) -> CommitSequence

  func connected(_ client: ClientConnection, at time: BrokerTime)
  func disconnected(_ client: ClientConnection, because reason: DisconnectReason, at time: BrokerTime)

  /// A client subscribed to, or left, a device's own topic by its exact name.
  func subscribed(_ client: ClientConnection, to topic: DeviceTopic, qos: QoS, at time: BrokerTime)
  func unsubscribed(_ client: ClientConnection, from topic: DeviceTopic, at time: BrokerTime)
}

/// Why a connection ended, as presence tells it.
package enum DisconnectReason: Equatable, Sendable {
  /// The client said DISCONNECT.
  case byClient
  /// The network connection ended without DISCONNECT.
  case connectionLost
  case keepAliveTimeout
  case takenOver
  case serverShuttingDown
  /// The client broke the protocol or a limit.
  case refused(ReasonCode)
}

import Durability
import MQTTBroker
import MQTTProtocol

/// A sink that takes everything and writes down what it is told, in order.
final class RecordingSink: MessageSink {
  /// Payloads by their first 2 bytes, `|` for a read that ended, `-c` for a client that left.
  private(set) var events: [String] = []
  /// Called with each message.
  var onMessage: () -> Void = {}

  func received(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
    at time: BrokerTime
  ) -> PublishAnswer {
    events.append(String(decoding: publish.payload.prefix(2), as: UTF8.self))
    onMessage()
    return .success
  }

  func endedRead(at time: BrokerTime) -> CommitSequence {
    // The broker also says so where nothing came.
    if let last = events.last, last != "|", !last.hasPrefix("-") { events.append("|") }
    return .none
  }

  func connected(_ client: ClientConnection, at time: BrokerTime) {}
  func disconnected(_ client: ClientConnection, because reason: DisconnectReason, at time: BrokerTime) {
    events.append("-\(client.clientIdentifier)")
  }
  func subscribed(_ client: ClientConnection, to topic: DeviceTopic, qos: QoS, at time: BrokerTime) {}
  func unsubscribed(_ client: ClientConnection, from topic: DeviceTopic, at time: BrokerTime) {}
}

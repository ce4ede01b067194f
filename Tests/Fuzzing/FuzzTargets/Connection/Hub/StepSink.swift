import Durability
import MQTTBroker
import MQTTProtocol

/// What the hub does beside brokering, with every kind of answer: the payload says which.
final class StepSink: MessageSink {
  private let commitQueue: any CommitQueue
  private var appended = CommitSequence.none
  /// Publishes on the event loop that called; set once there is one.
  var publish: ((HubPublish) -> Void)?

  init(commitQueue: any CommitQueue) { self.commitQueue = commitQueue }

  func received(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
    at time: BrokerTime
  ) -> PublishAnswer {
    let first = publish.payload.first ?? 0
    if first == UInt8(ascii: "!") { return PublishAnswer(.payloadFormatInvalid, "not what this topic takes\u{0}") }
    if first & 1 == 1 { appended = commitQueue.append(.device(name: topic.device, fact: []), urgency: .deferrable) }
    if topic.suffix == .time, let client { answer(publish, topic, client) }
    return .success
  }

  /// A request of a device, answered where it asked.
  private func answer(_ request: IncomingPublish, _ topic: DeviceTopic, _ client: ClientConnection) {
    guard
      let reply = ReplyTopic.topic(for: request, from: client, device: topic.device, standard: "time/response"),
      TopicName.isValid(reply)
    else { return }
    publish?(HubPublish(topic: reply, payload: StepSink.answerPayload, qos: .atLeastOnce))
  }

  static let answerPayload = Array("answer".utf8)

  func endedRead(at time: BrokerTime) -> CommitSequence {
    defer { appended = .none }
    return appended
  }

  func connected(_ client: ClientConnection, at time: BrokerTime) {}
  func disconnected(_ client: ClientConnection, because reason: DisconnectReason, at time: BrokerTime) {}
  func subscribed(_ client: ClientConnection, to topic: DeviceTopic, qos: QoS, at time: BrokerTime) {}
  func unsubscribed(_ client: ClientConnection, from topic: DeviceTopic, at time: BrokerTime) {}
}

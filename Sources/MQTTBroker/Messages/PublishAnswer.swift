package import MQTTProtocol

/// What a publisher is told of its message.
package struct PublishAnswer: Sendable {
  package let reason: ReasonCode
  /// Why it was refused, in words: Reason String in MQTT 5, the problem's detail in HTTP.
  package let explanation: String?

  package init(_ reason: ReasonCode, _ explanation: String? = nil) {
    self.reason = reason
    self.explanation = explanation
  }

  package static let success = PublishAnswer(.success)

  static let notAuthorized = PublishAnswer(
    .notAuthorized, "this client may not publish on this topic; docs/topics.md says who may")
  static let tooManyLevels = PublishAnswer(.topicNameInvalid, "the topic has more levels than this hub takes")
  static let retainedLimit = PublishAnswer(.quotaExceeded, "the limit of retained messages is reached")

  /// Taken, but nobody subscribes (MQTT 5.0 §3.4.2.1).
  static let noMatchingSubscribers = PublishAnswer(.noMatchingSubscribers)
  static let queuesFull = PublishAnswer(
    .quotaExceeded, "the queues of all subscribers to this topic have reached their limit")
  static let stateFull = PublishAnswer(.quotaExceeded, "the state of all clients has reached its limit")
  static let payloadFormat = PublishAnswer(
    .payloadFormatInvalid, "the payload is not UTF-8, as its Payload Format Indicator says")

  var isSuccess: Bool { !reason.isError }
}

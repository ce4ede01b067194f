/// Where the sender of a command wants its answer (MQTT 5.0 §4.10).
package struct ReplyAddress: Sendable, Equatable {
  package var topic: String
  package var correlationData: [UInt8]?

  package init(topic: String, correlationData: [UInt8]? = nil) {
    self.topic = topic
    self.correlationData = correlationData
  }
}

import DeviceAgentKit
import MosquittoClient

/// The hub's half of the conversation, over a broker: sees everything under `v1/`, answers what a device asks.
final class HubHalf {
  let client: MosquittoClient
  private(set) var messages: [MosquittoMessage] = []

  init(_ broker: MosquittoBroker) throws {
    var options = MosquittoConnectOptions(host: "127.0.0.1", port: broker.port, clientIdentifier: "hub")
    options.protocolVersion = .v5
    client = try MosquittoClient(options)
    try client.connectAndWait()
    try client.subscribeAndWait(to: "v1/#", qos: .atLeastOnce)
  }

  /// The next message on a topic; others are kept in `messages`.
  @discardableResult
  func next(_ topic: String, within timeout: Duration = .seconds(10)) throws -> MosquittoMessage {
    let deadline = ContinuousClock.now + timeout
    while true {
      let message = try client.nextMessage(within: ContinuousClock.now.duration(to: deadline))
      messages.append(message)
      if message.topic == topic { return message }
    }
  }

  func nextText(_ topic: String, within timeout: Duration = .seconds(10)) throws -> String {
    String(decoding: try next(topic, within: timeout).payload, as: UTF8.self)
  }

  func nextValue(_ topic: String, within timeout: Duration = .seconds(10)) throws -> JSONValue {
    try JSONReader.value(try next(topic, within: timeout).payload)
  }

  func send(_ topic: String, _ text: String, replyTo: ReplyAddress? = nil) throws {
    var message = MosquittoMessage(topic: topic, payload: Array(text.utf8), qos: .atLeastOnce)
    message.properties.responseTopic = replyTo?.topic
    message.properties.correlationData = replyTo?.correlationData
    try client.publishAndWait(message)
  }
}

/// Where the hub answers a device's request (docs/topics.md).
package enum ReplyTopic {
  /// The topic to answer on: the request's own Response Topic where its sender might publish there itself, else, where
  /// it named none, `standard` under the device. nil: the Response Topic reaches where its sender may not.
  package static func topic(
    for publish: IncomingPublish, from client: ClientConnection?, device: String, standard: String
  ) -> [UInt8]? {
    let standardTopic = DeviceTopicParser.prefix + Array("\(device)/\(standard)".utf8)
    guard let responseTopic = publish.responseTopic else { return standardTopic }
    var topic = Array(responseTopic)
    if MeTopic.isUsed(in: responseTopic) {
      guard let own = client?.principal.deviceName else { return nil }
      topic = MeTopic.resolved(responseTopic, device: own)
    }
    if topic == standardTopic { return topic }
    let meaning = topic.withUnsafeBytes { DeviceTopicParser.meaning(of: $0) }
    guard let client, TopicAuthorization.mayPublish(client.principal, meaning) else { return nil }
    return topic
  }
}

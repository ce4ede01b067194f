internal import CMosquitto

extension MosquittoClient {
  /// Sends a message, or queues it where the in-flight limit is reached. Its end comes as `published` with the same
  /// identifier.
  ///
  /// - Returns: the identifier; unique among the publishes that are not finished.
  /// - Throws: `invalidArgument` for a topic with wildcards or not valid UTF-8; `notConnected`.
  @discardableResult
  package func publish(_ message: MosquittoMessage) throws(MosquittoError) -> Int32 {
    var id: Int32 = 0
    var list = MosquittoPropertyList()
    if options.protocolVersion == .v5, !message.properties.isEmpty { try message.properties.write(to: &list) }
    guard let count = Int32(exactly: message.payload.count) else { throw .packetTooLarge }
    let properties = list.head
    let code = message.payload.withUnsafeBytes {
      mosquitto_publish_v5(
        handle.pointer, &id, message.topic, count, $0.baseAddress, message.qos.rawValue, message.retain, properties)
    }
    try check(code, "topic \"\(message.topic)\"")
    return id
  }

  /// Asks for messages. The answer comes as `subscribed` with the same identifier.
  ///
  /// - Returns: the identifier.
  /// - Throws: `invalidArgument` for a malformed filter; `notConnected`.
  @discardableResult
  package func subscribe(to filter: String, qos: MosquittoQoS) throws(MosquittoError) -> Int32 {
    var id: Int32 = 0
    try check(
      mosquitto_subscribe_v5(handle.pointer, &id, filter, qos.rawValue, 0, nil), "topic filter \"\(filter)\"")
    return id
  }

  /// Ends a subscription. The answer comes as `unsubscribed` with the same identifier.
  @discardableResult
  package func unsubscribe(from filter: String) throws(MosquittoError) -> Int32 {
    var id: Int32 = 0
    try check(mosquitto_unsubscribe_v5(handle.pointer, &id, filter, nil), "topic filter \"\(filter)\"")
    return id
  }
}

import MQTTProtocol

/// The bytes of one message for the many subscribers who get it alike: made once for each version, QoS and RETAIN.
struct FrameCache {
  struct Frame {
    let bytes: [UInt8]
    /// Where the Packet Identifier stands; nil at QoS 0.
    let identifierOffset: Int?
  }

  private var frames: [Frame?] = []

  /// The frame of a message; made where this is the first to ask.
  mutating func frame(of message: OutgoingMessage, version: ProtocolVersion) -> Frame {
    if frames.isEmpty { frames = Array(repeating: nil, count: 12) }
    let place = Int(message.qos.rawValue) * 4 + (message.retain ? 2 : 0) + (version == .v5 ? 1 : 0)
    if let frame = frames[place] { return frame }
    let frame = Self.make(message, version: version)
    frames[place] = frame
    return frame
  }

  private static func make(_ message: OutgoingMessage, version: ProtocolVersion) -> Frame {
    let size = PublishEncoder.encodedSize(
      topicLength: message.topic.count, propertiesLength: message.properties.count,
      payloadLength: message.payload.count, qos: message.qos, version: version)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = message.topic.withUnsafeBytes {
        // The identifier is each subscriber's own; 1 keeps the place.
        PublishEncoder.encode(
          topic: $0, properties: message.properties, payload: message.payload, qos: message.qos,
          retain: message.retain, duplicate: false, packetIdentifier: message.qos == .atMostOnce ? 0 : 1,
          version: version, into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
    guard message.qos != .atMostOnce else { return Frame(bytes: bytes, identifierOffset: nil) }
    // After the topic; what follows it is of known size.
    let properties = version == .v5 ? message.properties.count + lengthBytes(of: message.properties.count) : 0
    return Frame(bytes: bytes, identifierOffset: size - message.payload.count - properties - 2)
  }

  /// Bytes of a Variable Byte Integer.
  private static func lengthBytes(of value: Int) -> Int {
    switch value {
    case ..<128: 1
    case ..<16_384: 2
    case ..<2_097_152: 3
    default: 4
    }
  }
}

import MQTTProtocol

/// The bytes of one message for the many subscribers who get it alike: made once for each version, QoS and RETAIN.
struct FrameCache {
  struct Frame {
    let bytes: [UInt8]
    /// Where the Packet Identifier stands; nil at QoS 0.
    let identifierOffset: Int?
  }

  private var frames: [Frame?] = []

  /// The frame of a message for this QoS and RETAIN, where it was made.
  @inline(__always)
  func frame(qos: QoS, retain: Bool, version: ProtocolVersion) -> Frame? {
    frames.isEmpty ? nil : frames[Self.place(qos, retain, version)]
  }

  @inline(__always)
  private static func place(_ qos: QoS, _ retain: Bool, _ version: ProtocolVersion) -> Int {
    Int(qos.rawValue) * 4 + (retain ? 2 : 0) + (version == .v5 ? 1 : 0)
  }

  mutating func make(of message: MessageInTransit, qos: QoS, retain: Bool, version: ProtocolVersion) -> Frame {
    if frames.isEmpty { frames = Array(repeating: nil, count: 12) }
    let frame = Self.make(message, qos: qos, retain: retain, version: version)
    frames[Self.place(qos, retain, version)] = frame
    return frame
  }

  private static func make(
    _ message: MessageInTransit, qos: QoS, retain: Bool, version: ProtocolVersion
  ) -> Frame {
    let size = PublishEncoder.encodedSize(
      topicLength: message.topic.count, propertiesLength: message.properties.count,
      payloadLength: message.payload.count, qos: qos, version: version)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = message.topic.withUnsafeBytes {
        // The identifier is each subscriber's own; 1 keeps the place.
        PublishEncoder.encode(
          topic: $0, properties: message.properties, payload: message.payload, qos: qos,
          retain: retain, duplicate: false, packetIdentifier: qos == .atMostOnce ? 0 : 1,
          version: version, into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
    guard qos != .atMostOnce else { return Frame(bytes: bytes, identifierOffset: nil) }
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

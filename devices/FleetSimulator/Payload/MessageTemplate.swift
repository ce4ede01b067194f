import MQTTProtocol

/// One PUBLISH rendered with places for what changes from message to message.
struct MessageTemplate {
  /// The whole packet, with the device's first values.
  var packet: [UInt8]
  /// Where the packet identifier stands; `nil` at QoS 0.
  var packetIdentifierOffset: Int?
  /// Where the timestamp's first digit stands; `nil` where the payload has no time.
  var timestampOffset: Int?
  /// The values in wire order.
  var values: [TemplateValue]

  /// Renders the message of `device` that carries `metrics`.
  init(
    device: String, metrics: [SimulatedMetric], format: PayloadFormat, qos: QoS, version: ProtocolVersion,
    timestamp: Int64, using generator: inout SplitMix64
  ) {
    var topic = "v1/devices/\(device)/telemetry"
    var payload: [UInt8] = []
    var places: [TemplateValue] = []
    var timestampPlace: Int?
    if format == .json { payload.append(UInt8(ascii: "{")) }
    for metric in metrics {
      if format == .json {
        payload.append(contentsOf: "\"\(metric.name)\":".utf8)
      } else {
        topic += "/\(metric.name)"
      }
      let walk = RandomWalk(range: metric.range, using: &generator)
      places.append(TemplateValue(walk: walk, offset: payload.count, digits: metric.digits, decimals: metric.decimals))
      payload.append(contentsOf: repeatElement(0x30, count: metric.digits + 1))
      if format == .json { payload.append(UInt8(ascii: ",")) }
    }
    if format == .json {
      payload.append(contentsOf: "\"ts\":".utf8)
      timestampPlace = payload.count
      payload.append(contentsOf: repeatElement(0x30, count: ASCIIDigits.timestampWidth))
      payload.append(UInt8(ascii: "}"))
    }

    packet = Self.encode(topic: Array(topic.utf8), payload: payload, qos: qos, version: version)
    let payloadStart = packet.count - payload.count
    // MQTT 5 puts the length of the (empty) properties between packet identifier and payload.
    let identifierEnd = version == .v5 ? payloadStart - 1 : payloadStart
    packetIdentifierOffset = qos == .atMostOnce ? nil : identifierEnd - 2
    timestampOffset = timestampPlace.map { $0 + payloadStart }
    values = places.map { $0.moved(by: payloadStart) }

    packet.withUnsafeMutableBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      for value in values { value.write(into: base) }
      if let place = timestampOffset {
        ASCIIDigits.write(timestamp, width: ASCIIDigits.timestampWidth, at: base + place)
      }
    }
  }

  private static func encode(topic: [UInt8], payload: [UInt8], qos: QoS, version: ProtocolVersion) -> [UInt8] {
    let size = PublishEncoder.encodedSize(
      topicLength: topic.count, propertiesLength: 0, payloadLength: payload.count, qos: qos, version: version)
    return [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      count = topic.withUnsafeBytes { topic in
        payload.withUnsafeBytes { payload in
          PublishEncoder.encode(
            topic: topic, properties: UnsafeRawBufferPointer(start: nil, count: 0), payload: payload, qos: qos,
            retain: false, duplicate: false, packetIdentifier: qos == .atMostOnce ? 0 : 1, version: version,
            into: UnsafeMutableRawBufferPointer(bytes))
        }
      }
    }
  }
}

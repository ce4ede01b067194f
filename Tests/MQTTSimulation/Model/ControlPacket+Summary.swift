import MQTTProtocol

extension ControlPacket {
  /// A line for the trace.
  var summary: String {
    switch self {
    case .connect(let connect):
      "CONNECT \(connect.version) clean \(connect.cleanStart) keep-alive \(connect.keepAlive)"
        + " will \(connect.will.map { "\($0.topic) \(String(decoding: $0.payload.prefix(8), as: UTF8.self))" } ?? "-")"
        + " \(connect.properties.items)"
    case .connack(let connack):
      "CONNACK \(connack.reasonCode.rawValue) present \(connack.sessionPresent) \(connack.properties.items)"
    case .publish(let publish):
      "PUBLISH q\(publish.qos.rawValue)\(publish.retain ? " retain" : "")\(publish.duplicate ? " dup" : "")"
        + " id \(publish.packetIdentifier) \(String(decoding: publish.topic, as: UTF8.self))"
        + " \(String(decoding: publish.payload.prefix(8), as: UTF8.self)) \(publish.properties.items)"
    case .puback(let packet): "PUBACK \(packet.packetIdentifier) \(packet.reasonCode.rawValue)"
    case .pubrec(let packet): "PUBREC \(packet.packetIdentifier) \(packet.reasonCode.rawValue)"
    case .pubrel(let packet): "PUBREL \(packet.packetIdentifier) \(packet.reasonCode.rawValue)"
    case .pubcomp(let packet): "PUBCOMP \(packet.packetIdentifier) \(packet.reasonCode.rawValue)"
    case .subscribe(let packet):
      "SUBSCRIBE \(packet.packetIdentifier) "
        + packet.subscriptions.map {
          "\($0.filter) q\($0.qos.rawValue)\($0.noLocal ? " nl" : "")\($0.retainAsPublished ? " rap" : "")"
            + " rh\($0.retainHandling.rawValue)"
        }.joined(separator: ", ") + " \(packet.properties.items)"
    case .suback(let packet): "SUBACK \(packet.packetIdentifier) \(packet.reasonCodes.map(\.rawValue))"
    case .unsubscribe(let packet): "UNSUBSCRIBE \(packet.packetIdentifier) \(packet.filters)"
    case .unsuback(let packet): "UNSUBACK \(packet.packetIdentifier) \(packet.reasonCodes.map(\.rawValue))"
    case .pingreq: "PINGREQ"
    case .pingresp: "PINGRESP"
    case .disconnect(let packet): "DISCONNECT \(packet.reasonCode.rawValue) \(packet.properties.items)"
    case .auth: "AUTH"
    }
  }
}

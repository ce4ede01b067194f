extension ControlPacket {
  /// Reads the packet whose fixed header is `header` and whose other bytes are `body`, all of them.
  ///
  /// CONNECT takes its version from its body; `version` is ignored there. Throws malformed where the bytes cannot be
  /// read or some are left over, `protocolError` or a closer reason code where they say what is not allowed, and
  /// `unsupportedProtocolVersion` for a CONNECT of another protocol level.
  package static func decode(
    _ header: FixedHeader, body: UnsafeRawBufferPointer, version: ProtocolVersion
  ) throws(MQTTDecodeError) -> ControlPacket {
    guard body.count == header.remainingLength else { throw .truncated }
    if header.type == .publish {
      return .publish(try PublishPacket(PublishView.decode(header, body: body, version: version)))
    }
    if header.type != .connect { try header.validate(for: version) }
    try header.validateDuplicate(for: version)
    var reader = WireReader(body)
    let packet = try decodeFields(of: header, from: &reader, version: version)
    try reader.expectEnd()
    return packet
  }

  private static func decodeFields(
    of header: FixedHeader, from reader: inout WireReader, version: ProtocolVersion
  ) throws(MQTTDecodeError) -> ControlPacket {
    switch header.type {
    case .connect:
      let connect = try ConnectPacket(from: &reader)
      try header.validate(for: connect.version)
      return .connect(connect)
    case .connack: return .connack(try ConnackPacket(from: &reader, version: version))
    case .publish: preconditionFailure("BUG: PUBLISH is read by PublishView")
    case .puback: return .puback(try AcknowledgementPacket(.puback, from: &reader, version: version))
    case .pubrec: return .pubrec(try AcknowledgementPacket(.pubrec, from: &reader, version: version))
    case .pubrel: return .pubrel(try AcknowledgementPacket(.pubrel, from: &reader, version: version))
    case .pubcomp: return .pubcomp(try AcknowledgementPacket(.pubcomp, from: &reader, version: version))
    case .subscribe: return .subscribe(try SubscribePacket(from: &reader, version: version))
    case .suback: return .suback(try SubackPacket(.suback, from: &reader, version: version))
    case .unsubscribe: return .unsubscribe(try UnsubscribePacket(from: &reader, version: version))
    case .unsuback: return .unsuback(try SubackPacket(.unsuback, from: &reader, version: version))
    // Neither has a body, which `expectEnd` enforces (MQTT 5.0 §3.12, §3.13).
    case .pingreq: return .pingreq
    case .pingresp: return .pingresp
    case .disconnect: return .disconnect(try DisconnectPacket(from: &reader, version: version))
    case .auth: return .auth(try AuthPacket(from: &reader, version: version))
    }
  }
}

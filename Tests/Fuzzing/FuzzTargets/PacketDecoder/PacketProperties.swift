import MQTTProtocol

/// What decoding and encoding promise of any packet.
enum PacketProperties {
  /// The packet, nil where it is refused.
  static func check(
    _ header: FixedHeader, body: UnsafeRawBufferPointer, version: ProtocolVersion
  ) throws(FuzzFinding) -> ControlPacket? {
    let packet: ControlPacket
    do throws(MQTTDecodeError) {
      packet = try ControlPacket.decode(header, body: body, version: version)
    } catch {
      try expect(error.reasonCode.isError, "refused with a reason code that is no error: \(error)")
      try checkRefused(header, body: body, version: version, error)
      return nil
    }
    try expect(packet.type == header.type, "\(header.type) read as \(packet.type)")
    let spoken = if case .connect(let connect) = packet { connect.version } else { version }
    try checkRoundTrip(packet, version: spoken, atMost: header.packetLength)
    try checkContents(packet, body: body, version: spoken)
    return packet
  }

  private static func checkRefused(
    _ header: FixedHeader, body: UnsafeRawBufferPointer, version: ProtocolVersion, _ error: MQTTDecodeError
  ) throws(FuzzFinding) {
    guard header.type == .publish else { return }
    do throws(MQTTDecodeError) {
      _ = try PublishView.decode(header, body: body, version: version)
    } catch let other {
      try expect(other == error, "PublishPacket is refused as \(error), PublishView as \(other)")
      return
    }
    throw FuzzFinding("PublishView takes what PublishPacket refuses: \(error)")
  }

  /// What was read is written in no more bytes, and reads as the same again.
  private static func checkRoundTrip(
    _ packet: ControlPacket, version: ProtocolVersion, atMost length: Int
  ) throws(FuzzFinding) {
    let bytes = packet.encoded(version: version)
    try expect(bytes.count == packet.encodedSize(version: version), "encoded size differs from the bytes: \(packet)")
    try expect(bytes.count <= length, "\(packet) came in \(length) bytes and is written in \(bytes.count)")
    let again = try decode(bytes, version: version)
    try expect(again == packet, "\(packet) in \(version) reads again as \(again)")
  }

  private static func decode(_ bytes: [UInt8], version: ProtocolVersion) throws(FuzzFinding) -> ControlPacket {
    do throws(MQTTDecodeError) {
      return try ExactMemory.lend(bytes) { raw throws(MQTTDecodeError) in
        guard
          let header = try PacketFraming.readHeader(raw, maximumPacketSize: MQTTLimits.maximumPacketLength),
          header.packetLength == raw.count
        else { throw .malformed("BUG: the length is not that of the packet") }
        return try ControlPacket.decode(
          header, body: UnsafeRawBufferPointer(rebasing: raw[header.length...]), version: version)
      }
    } catch {
      throw FuzzFinding("what was written cannot be read: \(error): \(bytes)")
    }
  }

  /// What a reader of the packet relies on without looking again.
  private static func checkContents(
    _ packet: ControlPacket, body: UnsafeRawBufferPointer, version: ProtocolVersion
  ) throws(FuzzFinding) {
    switch packet {
    case .connect(let connect):
      try expect(ConnectPacket.protocolLevel(of: body) == version.rawValue, "the protocol level reads differently")
      if let will = connect.will {
        try expect(TopicName.isValid(will.topic), "a will's topic is no topic name: \(will.topic)")
      }
    case .puback(let packet): try checkAcknowledgement(.puback, packet, version: version)
    case .pubrec(let packet): try checkAcknowledgement(.pubrec, packet, version: version)
    case .pubrel(let packet): try checkAcknowledgement(.pubrel, packet, version: version)
    case .pubcomp(let packet): try checkAcknowledgement(.pubcomp, packet, version: version)
    case .subscribe(let subscribe): try checkFilters(subscribe.subscriptions.map(\.filter))
    case .unsubscribe(let unsubscribe): try checkFilters(unsubscribe.filters)
    default: break
    }
  }

  private static func checkFilters(_ filters: [String]) throws(FuzzFinding) {
    try expect(!filters.isEmpty, "no topic filter")
    for filter in filters {
      try expect(TopicFilter.isValid(filter), "not a topic filter: \(filter)")
      guard let shared = SharedSubscription(filter) else {
        try expect(!filter.utf8.starts(with: "$share/".utf8), "a shared subscription that is none: \(filter)")
        continue
      }
      try expect(filter == "$share/\(shared.group)/\(shared.filter)", "\(filter) comes apart as \(shared)")
    }
  }

  /// The two encoders of acknowledgements agree.
  private static func checkAcknowledgement(
    _ type: PacketType, _ packet: AcknowledgementPacket, version: ProtocolVersion
  ) throws(FuzzFinding) {
    guard packet.properties.isEmpty else { return }
    let size = AcknowledgementEncoder.maximumSize
    let short = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = AcknowledgementEncoder.encode(
        type, packetIdentifier: packet.packetIdentifier, reasonCode: packet.reasonCode, version: version,
        into: UnsafeMutableRawBufferPointer(buffer))
    }
    let long: ControlPacket =
      switch type {
      case .puback: .puback(packet)
      case .pubrec: .pubrec(packet)
      case .pubrel: .pubrel(packet)
      default: .pubcomp(packet)
      }
    try expect(short == long.encoded(version: version), "\(long) is written in two ways")
  }
}

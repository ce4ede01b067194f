extension ControlPacket {
  /// Bytes of the whole packet. CONNECT is written in its own version, whatever `version` says.
  package func encodedSize(version: ProtocolVersion) -> Int {
    let bodySize = bodySize(version: version)
    return 1 + VariableByteInteger.encodedLength(bodySize) + bodySize
  }

  /// Writes the packet at the start of `output`, which must have room for `encodedSize`; returns the bytes written.
  ///
  /// Strings and binary data must not exceed 65,535 bytes, the packet not `MQTTLimits.maximumRemainingLength`.
  @discardableResult
  package func encode(version: ProtocolVersion, into output: UnsafeMutableRawBufferPointer) -> Int {
    let bodySize = bodySize(version: version)
    precondition(bodySize <= MQTTLimits.maximumRemainingLength, "BUG: a packet of more than 268,435,455 bytes")
    let size = 1 + VariableByteInteger.encodedLength(bodySize) + bodySize
    precondition(output.count >= size, "BUG: no room for the packet")
    var sink = BufferSink(output)
    sink.write(type.rawValue << 4 | flags)
    sink.writeVariableByteInteger(bodySize)
    writeBody(to: &sink, version: version)
    assert(sink.offset == size)
    return sink.offset
  }

  /// The whole packet.
  package func encoded(version: ProtocolVersion) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: encodedSize(version: version)) { buffer, count in
      count = encode(version: version, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  private var flags: UInt8 {
    if case .publish(let publish) = self { publish.flags } else { type.reservedFlags }
  }

  private func bodySize(version: ProtocolVersion) -> Int {
    var counter = CountingSink()
    writeBody(to: &counter, version: version)
    return counter.count
  }

  private func writeBody(to sink: inout some WireSink, version: ProtocolVersion) {
    switch self {
    case .connect(let packet): packet.writeBody(to: &sink)
    case .connack(let packet): packet.writeBody(to: &sink, version: version)
    case .publish(let packet): packet.writeBody(to: &sink, version: version)
    case .puback(let packet), .pubrec(let packet), .pubrel(let packet), .pubcomp(let packet):
      packet.writeBody(to: &sink, version: version)
    case .subscribe(let packet): packet.writeBody(to: &sink, version: version)
    case .suback(let packet): packet.writeBody(to: &sink, version: version)
    case .unsubscribe(let packet): packet.writeBody(to: &sink, version: version)
    case .unsuback(let packet):
      // An UNSUBACK of 3.1.1 is its packet identifier alone (MQTT 3.1.1 §3.11).
      if version == .v5 {
        packet.writeBody(to: &sink, version: version)
      } else {
        sink.write(packet.packetIdentifier)
      }
    case .pingreq, .pingresp: break
    case .disconnect(let packet): packet.writeBody(to: &sink, version: version)
    case .auth(let packet): packet.writeBody(to: &sink)
    }
  }
}

package import MQTTProtocol

extension ControlPacket {
  /// The packet that `bytes` are, from the first to the last, as a client reads it.
  package init(bytes: [UInt8], version: ProtocolVersion) throws(MQTTDecodeError) {
    self = try bytes.withUnsafeBytes { raw in
      Result { () throws(MQTTDecodeError) -> ControlPacket in
        guard let header = try PacketFraming.readHeader(raw, maximumPacketSize: MQTTLimits.maximumPacketLength),
          raw.count == header.packetLength
        else { throw .malformed("not one whole packet") }
        let body = UnsafeRawBufferPointer(rebasing: raw[header.length...])
        return try ControlPacket.decode(header, body: body, version: version)
      }
    }.get()
  }
}

import MQTTProtocol

/// A control packet read from the bytes of a stream.
struct WirePacket {
  let packet: ControlPacket
  /// Bytes that it took.
  let length: Int

  /// The packet at the start of `bytes`; nil where a part of it is missing, or where it is none.
  static func decode(_ bytes: [UInt8], version: ProtocolVersion) -> WirePacket? {
    try? decodeThrowing(bytes, version: version)
  }

  static func decodeThrowing(
    _ bytes: [UInt8], version: ProtocolVersion
  ) throws(MQTTDecodeError) -> WirePacket? {
    try bytes.withUnsafeBytes { raw in
      Result { () throws(MQTTDecodeError) -> WirePacket? in
        guard let header = try PacketFraming.readHeader(raw, maximumPacketSize: MQTTLimits.maximumPacketLength),
          raw.count >= header.packetLength
        else { return nil }
        let body = UnsafeRawBufferPointer(rebasing: raw[header.length..<header.packetLength])
        return WirePacket(
          packet: try ControlPacket.decode(header, body: body, version: version), length: header.packetLength)
      }
    }.get()
  }
}

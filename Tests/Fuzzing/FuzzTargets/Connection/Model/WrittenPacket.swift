import MQTTProtocol

/// Reads what the hub wrote as a client does.
enum WrittenPacket {
  static func decode(_ bytes: [UInt8], version: ProtocolVersion) throws(FuzzFinding) -> ControlPacket {
    do throws(MQTTDecodeError) {
      return try ExactMemory.lend(bytes) { raw throws(MQTTDecodeError) in
        guard
          let header = try PacketFraming.readHeader(raw, maximumPacketSize: MQTTLimits.maximumPacketLength),
          header.packetLength == raw.count
        else { throw .malformed("the length is not that of the packet") }
        return try ControlPacket.decode(
          header, body: UnsafeRawBufferPointer(rebasing: raw[header.length...]), version: version)
      }
    } catch {
      throw FuzzFinding("no client can read this: \(error): \(bytes)")
    }
  }
}

import MQTTProtocol

/// Bytes written as in a specification: hexadecimal digits and 'text', spaces between, e.g. `0004 'MQTT' 04`.
func wire(_ notation: String) -> [UInt8] {
  var bytes = [UInt8]()
  for (index, part) in notation.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
    if index % 2 == 1 {
      bytes += part.utf8
      continue
    }
    let digits = part.filter { $0 != " " }.compactMap { $0.hexDigitValue.map(UInt8.init) }
    precondition(digits.count % 2 == 0, "odd number of digits in \(notation)")
    bytes += stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
  return bytes
}

/// A packet: its first byte, then a remaining length that fits, then the body.
func frame(_ first: UInt8, _ body: String) -> [UInt8] { frame(first, wire(body)) }

func frame(_ first: UInt8, _ body: [UInt8]) -> [UInt8] {
  var length = [UInt8]()
  var rest = body.count
  repeat {
    length.append(UInt8(rest % 128) | (rest >= 128 ? 0x80 : 0))
    rest /= 128
  } while rest > 0
  return [first] + length + body
}

/// Decodes a whole packet from memory that ends exactly where it does, so that a read past its end is caught.
func decode(
  _ bytes: [UInt8], version: ProtocolVersion, maximumPacketSize: Int = MQTTLimits.maximumPacketLength
) throws(MQTTDecodeError) -> ControlPacket? {
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { memory.deallocate() }
  memory.copyBytes(from: bytes)
  let buffer = UnsafeRawBufferPointer(memory)
  guard let header = try PacketFraming.readHeader(buffer, maximumPacketSize: maximumPacketSize) else { return nil }
  guard buffer.count >= header.packetLength else { return nil }
  let body = UnsafeRawBufferPointer(rebasing: buffer[header.length..<header.packetLength])
  return try ControlPacket.decode(header, body: body, version: version)
}

/// What `decode` threw, nil when it did not.
func decodeError(
  _ bytes: [UInt8], version: ProtocolVersion, maximumPacketSize: Int = MQTTLimits.maximumPacketLength
) -> MQTTDecodeError? {
  do throws(MQTTDecodeError) {
    _ = try decode(bytes, version: version, maximumPacketSize: maximumPacketSize)
    return nil
  } catch {
    return error
  }
}

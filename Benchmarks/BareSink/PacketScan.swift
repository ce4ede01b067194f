import NIOCore

/// One pass over received bytes: counts publishes and writes the answers.
struct PacketScan {
  private(set) var messages = 0
  /// Whether the client said goodbye, or sent what is no packet.
  private(set) var isOver = false

  /// Returns the bytes that were whole packets.
  mutating func run(_ bytes: UnsafeRawBufferPointer, replies: inout ByteBuffer) -> Int {
    var used = 0
    while !isOver, let body = nextBody(in: bytes, at: used) {
      take(first: bytes[used], body: UnsafeRawBufferPointer(rebasing: bytes[body]), replies: &replies)
      used = body.upperBound
    }
    return used
  }

  /// Where the body of the packet that begins at `start` is; `nil` where it has not come in whole.
  @inline(__always)
  private mutating func nextBody(in bytes: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
    var length = 0
    var shift = 0
    var index = start + 1
    while index < bytes.count {
      let byte = bytes[index]
      length |= Int(byte & 0x7F) << shift
      index += 1
      if byte < 0x80 { return bytes.count - index >= length ? index..<(index + length) : nil }
      shift += 7
      if shift > 21 {
        isOver = true
        return nil
      }
    }
    return nil
  }

  @inline(__always)
  private mutating func take(first: UInt8, body: UnsafeRawBufferPointer, replies: inout ByteBuffer) {
    switch first >> 4 {
    case 3:
      messages += 1
      if first & 0b0110 != 0 { acknowledge(body, replies: &replies) }
    case 1:
      // The protocol level stands behind the protocol's name: 5 wants properties in CONNACK.
      let isVersion5 = body.count > 6 && body[6] == 5
      replies.writeBytes(isVersion5 ? [0x20, 0x03, 0x00, 0x00, 0x00] : [0x20, 0x02, 0x00, 0x00])
    case 12: replies.writeInteger(UInt16(0xD000))
    default: isOver = true
    }
  }

  @inline(__always)
  private mutating func acknowledge(_ body: UnsafeRawBufferPointer, replies: inout ByteBuffer) {
    guard body.count >= 2 else { return isOver = true }
    let place = 2 + (Int(body[0]) << 8 | Int(body[1]))
    guard body.count >= place + 2 else { return isOver = true }
    let identifier = UInt32(body[place]) << 8 | UInt32(body[place + 1])
    replies.writeInteger(0x4002_0000 | identifier)
  }
}

/// Counts the packets in received bytes and writes the answers they want, without taking a packet apart.
///
/// It understands MQTT 3.1.1, and of a publish at QoS 0 reads no more than its length.
struct PacketScan {
  /// PUBLISH packets.
  private(set) var messages = 0
  /// Own publishes that are done: PUBACK and PUBCOMP.
  private(set) var completed = 0
  /// CONNACK, SUBACK and PINGRESP.
  private(set) var answers = 0
  /// Acknowledgements of four bytes each, in the order of the wire.
  private var replies: [UInt32] = []

  /// Forgets the counts, keeps the memory.
  mutating func clear() {
    messages = 0
    completed = 0
    answers = 0
    replies.removeAll(keepingCapacity: true)
  }

  /// Takes the whole packets at the front of `bytes` and returns how many bytes they were.
  mutating func run(_ bytes: UnsafeRawBufferPointer) throws -> Int {
    var used = 0
    while let body = try Self.body(in: bytes, at: used) {
      let first = bytes[used]
      if first & 0xF6 == 0x30 {
        messages += 1
      } else {
        try take(first, UnsafeRawBufferPointer(rebasing: bytes[body]))
      }
      used = body.upperBound
    }
    return used
  }

  /// Hands over the answers, if there are any, and forgets them.
  mutating func sendReplies(_ send: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    guard !replies.isEmpty else { return }
    try replies.withUnsafeBytes { try send($0) }
    replies.removeAll(keepingCapacity: true)
  }

  /// The bytes behind the fixed header that begins at `start`; `nil` where they have not all come.
  @inline(__always)
  private static func body(in bytes: UnsafeRawBufferPointer, at start: Int) throws -> Range<Int>? {
    var length = 0
    var index = start + 1
    while index < bytes.count {
      let byte = bytes[index]
      length |= Int(byte & 0x7F) << (7 * (index - start - 1))
      index += 1
      if byte < 0x80 { return bytes.count - index >= length ? index..<(index + length) : nil }
      if index - start > 4 { throw LoadFailure("the server sent a packet whose length has five bytes") }
    }
    return nil
  }

  private mutating func take(_ first: UInt8, _ body: UnsafeRawBufferPointer) throws {
    switch first >> 4 {
    case 3:
      messages += 1
      let place = 2 + (body.count >= 2 ? Int(body[0]) << 8 | Int(body[1]) : 0)
      try reply(first & 0b0110 == 0b0010 ? 0x40 : 0x50, identifierAt: place, in: body)
    case 4, 7: completed += 1
    case 5: try reply(0x62, identifierAt: 0, in: body)
    case 6: try reply(0x70, identifierAt: 0, in: body)
    case 2:
      guard body.count >= 2, body[1] == 0 else { throw LoadFailure("the server refused a connection") }
      answers += 1
    case 9:
      guard let code = body.last, body.count > 2, code <= 2 else {
        throw LoadFailure("the server refused to subscribe")
      }
      answers += 1
    case 13: answers += 1
    default: throw LoadFailure("the server sent a packet of type \(first >> 4)")
    }
  }

  @inline(__always)
  private mutating func reply(_ first: UInt8, identifierAt place: Int, in body: UnsafeRawBufferPointer) throws {
    guard body.count >= place + 2 else { throw LoadFailure("the server sent a packet that is too short") }
    let identifier = UInt32(body[place]) << 8 | UInt32(body[place + 1])
    replies.append((UInt32(first) << 24 | 0x02_0000 | identifier).bigEndian)
  }
}

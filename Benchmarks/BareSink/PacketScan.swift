import NIOCore

/// One pass over received bytes: counts publishes and writes the answers.
struct PacketScan {
  private(set) var messages = 0
  /// Whether the client said goodbye, or sent what is no packet.
  private(set) var isOver = false
  /// The publishes, where they are to be passed on.
  private(set) var runs: [PublishRun] = []
  /// The topics that the client subscribes to.
  private(set) var subscriptions: [TopicKey] = []
  private let passesOn: Bool

  /// `passesOn` says whether subscribers exist.
  init(passesOn: Bool) { self.passesOn = passesOn }

  /// Returns the bytes that were whole packets.
  mutating func run(_ bytes: UnsafeRawBufferPointer, replies: inout ByteBuffer) -> Int {
    var used = 0
    while !isOver, let body = nextBody(in: bytes, at: used) {
      let first = bytes[used]
      if passesOn, first >> 4 == 3 { note(bytes, packet: used..<body.upperBound, body: body) }
      take(first: first, body: UnsafeRawBufferPointer(rebasing: bytes[body]), replies: &replies)
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

  /// Adds a publish to the runs.
  private mutating func note(_ bytes: UnsafeRawBufferPointer, packet: Range<Int>, body: Range<Int>) {
    guard let end = Self.textEnd(in: bytes, at: body.lowerBound), end <= body.upperBound else { return isOver = true }
    let topic = TopicKey(bytes[(body.lowerBound + 2)..<end])
    if let last = runs.last, last.topic == topic, last.range.upperBound == packet.lowerBound {
      runs[runs.count - 1].range = last.range.lowerBound..<packet.upperBound
    } else {
      runs.append(PublishRun(topic: topic, range: packet))
    }
  }

  /// Where the text whose length stands at `start` ends; `nil` where that is behind the bytes.
  private static func textEnd(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
    guard bytes.count >= start + 2 else { return nil }
    let end = start + 2 + (Int(bytes[start]) << 8 | Int(bytes[start + 1]))
    return end <= bytes.count ? end : nil
  }

  @inline(__always)
  private mutating func take(first: UInt8, body: UnsafeRawBufferPointer, replies: inout ByteBuffer) {
    switch first >> 4 {
    case 3:
      messages += 1
      if first & 0b0110 != 0 {
        let place = 2 + (body.count >= 2 ? Int(body[0]) << 8 | Int(body[1]) : 0)
        answer(first & 0b0100 == 0 ? 0x40 : 0x50, identifierAt: place, in: body, replies: &replies)
      }
    case 5: answer(0x62, identifierAt: 0, in: body, replies: &replies)
    case 6: answer(0x70, identifierAt: 0, in: body, replies: &replies)
    case 4, 7: break
    case 8: subscribe(body, replies: &replies)
    case 1:
      // The protocol level stands behind the protocol's name: 5 wants properties in CONNACK.
      let isVersion5 = body.count > 6 && body[6] == 5
      replies.writeBytes(isVersion5 ? [0x20, 0x03, 0x00, 0x00, 0x00] : [0x20, 0x02, 0x00, 0x00])
    case 12: replies.writeInteger(UInt16(0xD000))
    default: isOver = true
    }
  }

  @inline(__always)
  private mutating func answer(
    _ first: UInt8, identifierAt place: Int, in body: UnsafeRawBufferPointer, replies: inout ByteBuffer
  ) {
    guard body.count >= place + 2 else { return isOver = true }
    let identifier = UInt32(body[place]) << 8 | UInt32(body[place + 1])
    replies.writeInteger(UInt32(first) << 24 | 0x02_0000 | identifier)
  }

  /// A SUBSCRIBE of one filter of MQTT 3.1.1.
  private mutating func subscribe(_ body: UnsafeRawBufferPointer, replies: inout ByteBuffer) {
    guard passesOn, let end = Self.textEnd(in: body, at: 2), end < body.count else { return isOver = true }
    subscriptions.append(TopicKey(body[4..<end]))
    replies.writeBytes([0x90, 3, body[0], body[1], body[end]])
  }
}

/// One publisher's PUBLISH, rendered once; identifier and time stamp are written into each copy.
///
/// The payload is a JSON reading whose time stamp is a millisecond later in each message, so that a server that stores
/// readings has as many to store as there are messages.
struct MessageTemplate {
  private var bytes: [UInt8]
  private let identifierPlace: Int?
  private let stampEnd: Int
  private var identifier: UInt16 = 0

  /// `time` is that of the message before the first, in Unix milliseconds.
  init(topic: String, qos: UInt8, time: Int64) {
    let payload = Array("{\"temperature\":21.53,\"ts\":\(time)}".utf8)
    bytes = RequestPackets.packet(0x30 | qos << 1, RequestPackets.string(topic) + (qos > 0 ? [0, 0] : []) + payload)
    stampEnd = bytes.count - 1
    identifierPlace = qos > 0 ? bytes.count - payload.count - 2 : nil
  }

  /// Bytes of a message with its header.
  var size: Int { bytes.count }

  /// Writes `count` messages to the front of `memory`, which has room for them.
  mutating func write(_ count: Int, to memory: UnsafeMutableRawBufferPointer) -> UnsafeRawBufferPointer {
    for index in 0..<count {
      advance()
      let place = UnsafeMutableRawBufferPointer(rebasing: memory[(index * size)...])
      bytes.withUnsafeBytes { place.copyMemory(from: $0) }
    }
    return UnsafeRawBufferPointer(rebasing: memory[..<(count * size)])
  }

  private mutating func advance() {
    var digit = stampEnd - 1
    while bytes[digit] == 0x39 {
      bytes[digit] = 0x30
      digit -= 1
    }
    bytes[digit] += 1
    guard let identifierPlace else { return }
    identifier = identifier == .max ? 1 : identifier + 1
    bytes[identifierPlace] = UInt8(identifier >> 8)
    bytes[identifierPlace + 1] = UInt8(identifier & 0xFF)
  }
}

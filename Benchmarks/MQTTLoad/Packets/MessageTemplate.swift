/// One publisher's PUBLISH, rendered once; identifier, value and time stamp are written into each copy.
///
/// The payload is a JSON reading whose time stamp is a millisecond later in each message, so that a server that stores
/// readings has as many to store as there are messages. Its value wanders in hundredths, as a temperature does: one that
/// stays would take a store next to nothing.
struct MessageTemplate {
  private var bytes: [UInt8]
  private let identifierPlace: Int?
  private let valuePlace: Int
  private let stampEnd: Int
  private var identifier: UInt16 = 0
  private var walk: ValueWalk

  /// `time` is that of the message before the first, in Unix milliseconds.
  init(topic: String, qos: UInt8, time: Int64) {
    walk = ValueWalk(seed: topic.utf8.reduce(1) { $0 &* 31 &+ UInt64($1) })
    let name = Array("{\"temperature\":".utf8)
    let payload = name + Array("\(walk.text),\"ts\":\(time)}".utf8)
    bytes = RequestPackets.packet(0x30 | qos << 1, RequestPackets.string(topic) + (qos > 0 ? [0, 0] : []) + payload)
    stampEnd = bytes.count - 1
    valuePlace = bytes.count - payload.count + name.count
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
    walk.step()
    walk.write(to: &bytes, at: valuePlace)
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

/// The messages that one connection sends in turn: each is rendered once, then only its changing digits are rewritten.
///
/// A message costs one copy of its template and some twenty written digits. That matters because the simulator shares
/// the machine with the hub that it measures.
struct MessageTemplates: ~Copyable {
  /// What changes in one template, as plain values.
  private struct Entry {
    var offset: Int
    var length: Int
    /// -1 where the message has none.
    var packetIdentifier: Int
    /// -1 where the message has none.
    var timestampPlace: Int
    var timestamp: Int64
    var firstValue: Int
    var pastLastValue: Int
    var generator: SplitMix64
  }

  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let entries: UnsafeMutableBufferPointer<Entry>
  private let values: UnsafeMutableBufferPointer<TemplateValue>
  private var next = 0
  /// Bytes of the longest message.
  let longest: Int

  /// How many messages make one round of all devices.
  var count: Int { entries.count }

  /// - Parameters:
  ///   - templates: At least one.
  ///   - timestamp: Unix milliseconds that the templates show; the first messages come after it.
  init(_ templates: [(template: MessageTemplate, generator: SplitMix64)], timestamp: Int64) {
    precondition(!templates.isEmpty, "BUG: a connection needs a message to send")
    let size = templates.reduce(0) { $0 + $1.template.packet.count }
    let allValues = templates.flatMap { $0.template.values }
    bytes = .allocate(capacity: size)
    entries = .allocate(capacity: templates.count)
    values = .allocate(capacity: allValues.count)
    _ = values.initialize(fromContentsOf: allValues)
    _ = bytes.initialize(fromContentsOf: templates.flatMap { $0.template.packet })
    longest = templates.reduce(0) { max($0, $1.template.packet.count) }
    var offset = 0
    var value = 0
    for (index, (template, generator)) in templates.enumerated() {
      entries.initializeElement(
        at: index,
        to: Entry(
          offset: offset, length: template.packet.count, packetIdentifier: template.packetIdentifierOffset ?? -1,
          timestampPlace: template.timestampOffset ?? -1, timestamp: timestamp, firstValue: value,
          pastLastValue: value + template.values.count, generator: generator))
      offset += template.packet.count
      value += template.values.count
    }
  }

  deinit {
    bytes.deallocate()
    entries.deallocate()
    values.deallocate()
  }

  /// Writes the next `count` messages one after the other.
  ///
  /// Each device's timestamps grow by at least a millisecond a message: `now` where the device is behind it, else one
  /// more than its last.
  /// - Parameters:
  ///   - now: Unix milliseconds.
  ///   - identifier: The first message's packet identifier; the next ones count up.
  ///   - lastIdentifier: After it comes 1 again.
  ///   - output: Room for `count * longest` bytes.
  /// - Returns: The bytes written.
  mutating func render(
    _ count: Int, now: Int64, identifier: UInt16, lastIdentifier: UInt16, into output: UnsafeMutableRawBufferPointer
  ) -> Int {
    precondition(output.count >= count * longest, "BUG: no room for \(count) messages")
    guard let start = output.baseAddress, let template = bytes.baseAddress, let entry = entries.baseAddress,
      let value = values.baseAddress
    else { return 0 }
    let templateCount = entries.count
    var identifier = identifier
    var written = 0
    var index = next
    for _ in 0..<count {
      let message = template + entry[index].offset
      Self.advance(&entry[index], now: now, values: value, message: message)
      let place = entry[index].packetIdentifier
      if place >= 0 {
        message[place] = UInt8(truncatingIfNeeded: identifier >> 8)
        message[place &+ 1] = UInt8(truncatingIfNeeded: identifier)
        identifier = identifier == lastIdentifier ? 1 : identifier &+ 1
      }
      let length = entry[index].length
      (start + written).copyMemory(from: message, byteCount: length)
      written &+= length
      index &+= 1
      if index == templateCount { index = 0 }
    }
    next = index
    return written
  }

  /// Moves one device on by one reading.
  @inline(__always)
  private static func advance(
    _ entry: inout Entry, now: Int64, values: UnsafeMutablePointer<TemplateValue>, message: UnsafeMutablePointer<UInt8>
  ) {
    if entry.timestampPlace >= 0 {
      let timestamp = message + entry.timestampPlace
      entry.timestamp &+= 1
      if now > entry.timestamp {
        entry.timestamp = now
        ASCIIDigits.write(now, width: ASCIIDigits.timestampWidth, at: timestamp)
      } else {
        ASCIIDigits.increment(width: ASCIIDigits.timestampWidth, at: timestamp)
      }
    }
    var random = entry.generator.next()
    for index in entry.firstValue..<entry.pastLastValue {
      values[index].walk.step(random)
      values[index].write(into: message)
      random >>= 4
    }
  }
}

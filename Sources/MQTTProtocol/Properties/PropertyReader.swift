/// One property as it stands on the wire, its value not copied.
struct PropertyField {
  let identifier: PropertyIdentifier
  /// The whole property, identifier included, in the bytes that were read.
  let range: Range<Int>
  /// An integer's value; else 0.
  var number: UInt32 = 0
  /// The bytes of a string, of binary data, or of a pair's name.
  var text = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The bytes of a pair's value.
  var second = UnsafeRawBufferPointer(start: nil, count: 0)
}

/// Walks a packet's properties and enforces what each may say and where; nothing is copied or allocated.
struct PropertyReader {
  private var reader: WireReader
  private let context: PropertyContexts
  /// One bit for each identifier that came.
  private var seen: UInt64 = 0

  /// Reads properties without their length prefix; `context` says where they stand.
  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer, context: PropertyContexts) {
    reader = WireReader(bytes)
    self.context = context
  }

  /// Where the next property begins.
  @inline(__always)
  var offset: Int { reader.offset }

  /// Whether a property with this identifier came.
  @inline(__always)
  func hasSeen(_ identifier: PropertyIdentifier) -> Bool { seen & (1 &<< UInt64(identifier.rawValue)) != 0 }

  /// Reads the next property; nil at the end.
  mutating func next() throws(MQTTDecodeError) -> PropertyField? {
    guard reader.remaining > 0 else { return nil }
    let start = reader.offset
    // Identifiers are Variable Byte Integers, and every known one is a single byte.
    guard let identifier = PropertyIdentifier(rawValue: try reader.readByte()) else {
      throw .malformed("unknown property")
    }
    guard !identifier.contexts.isDisjoint(with: context) else {
      throw .malformed("property is not allowed in this packet")  // MQTT 5.0 §2.2.2.2
    }
    if hasSeen(identifier), !identifier.mayRepeat(in: context) { throw .protocolError("property is there twice") }
    seen |= 1 &<< UInt64(identifier.rawValue)

    var number: UInt32 = 0
    var text = UnsafeRawBufferPointer(start: nil, count: 0)
    var second = UnsafeRawBufferPointer(start: nil, count: 0)
    switch identifier.encoding {
    case .boolean:
      number = UInt32(try reader.readByte())
      guard number <= 1 else { throw .protocolError("property must be 0 or 1") }
    case .twoByteInteger: number = UInt32(try reader.readUInt16())
    case .fourByteInteger: number = try reader.readUInt32()
    case .variableByteInteger: number = UInt32(truncatingIfNeeded: try reader.readVariableByteInteger())
    case .string: text = try reader.readUTF8()
    case .binary: text = try reader.readBinary()
    case .stringPair:
      text = try reader.readUTF8()
      second = try reader.readUTF8()
    }
    try Self.validate(identifier, number: number, text: text)
    return PropertyField(
      identifier: identifier, range: start..<reader.offset, number: number, text: text, second: second)
  }

  /// Enforces the values that one property's own section forbids.
  @inline(__always)
  private static func validate(
    _ identifier: PropertyIdentifier, number: UInt32, text: UnsafeRawBufferPointer
  ) throws(MQTTDecodeError) {
    switch identifier {
    case .receiveMaximum where number == 0: throw .protocolError("Receive Maximum is 0")  // §3.1.2.11.3
    case .maximumPacketSize where number == 0: throw .protocolError("Maximum Packet Size is 0")  // §3.1.2.11.4
    case .subscriptionIdentifier where number == 0:
      throw .protocolError("Subscription Identifier is 0")  // §3.8.2.1.2
    case .topicAlias where number == 0:
      throw MQTTDecodeError(.topicAliasInvalid, "Topic Alias is 0")  // [MQTT-3.3.2-8]
    case .responseTopic where !TopicName.isValid(text):
      throw .protocolError("Response Topic is empty or holds a wildcard")  // [MQTT-3.3.2-14]
    default: break
    }
  }
}

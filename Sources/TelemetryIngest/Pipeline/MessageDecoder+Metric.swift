extension MessageDecoder {
  /// One bare value, or an object of `ts` and `value`, of the metric that `levels` of the topic name.
  mutating func decodeMetric(levels: UnsafeRawBufferPointer) throws(DeadLetterReason) {
    message &+= 1
    guard levels.count <= KeyTree.maximumKeyBytes, UTF8Sequence.isValid(levels) else { throw .invalidMetricName }
    let node = keys.pointee.child(of: KeyNode.topic, key: levels)
    guard keys.pointee.nodes[Int(node)].state != .invalid else { throw .invalidMetricName }
    if try reader.next(.expectedValue) == UInt8(ascii: "{") {
      try decodeTimedValue(node)
    } else {
      try decodeOneValue(node)
    }
    settleTime()
    try reader.end()
  }

  /// A bare value: nothing that has parts.
  private mutating func decodeOneValue(_ node: Int32) throws(DeadLetterReason) {
    let byte = try reader.next(.expectedValue)
    guard byte != UInt8(ascii: "{"), byte != UInt8(ascii: "[") else {
      let position = reader.position
      try reader.skipValue()
      throw .expectedBareValue(atByte: position)
    }
    try decodeBareValue(node, byte)
  }

  private mutating func decodeTimedValue(_ node: Int32) throws(DeadLetterReason) {
    var hasValue = false
    if try reader.beginsObject() {
      repeat {
        let role = try memberRole()
        try reader.colon()
        switch role {
        case .value:
          hasValue = true
          try decodeOneValue(node)
        case .timestamp: try decodeTimestamp()
        case .sequence: try reader.skipValue()
        case .unknown:
          tally.unknownMembers += 1
          try reader.skipValue()
        }
      } while try reader.continuesObject()
    }
    guard hasValue else { throw .missingValue }
  }

  private enum MemberRole {
    case value
    case timestamp
    case sequence
    case unknown
  }

  private mutating func memberRole() throws(DeadLetterReason) -> MemberRole {
    let string = try reader.string()
    // The longest of the names, each character escaped.
    guard string.count <= 6 * 5 else { return .unknown }
    let space = staged.pointee.textSpace(string.count)
    let key = UnsafeBufferPointer(start: space, count: reader.unescape(string, to: space))
    if key.elementsEqual("value".utf8) { return .value }
    if key.elementsEqual("ts".utf8) { return .timestamp }
    return key.elementsEqual("boot".utf8) || key.elementsEqual("seq".utf8) ? .sequence : .unknown
  }
}

import TimeSeriesStorage

extension MessageDecoder {
  /// The node of the key at the reader's position, which is an opening quote; none where the key is too long.
  @inline(__always)
  mutating func key(under parent: Int32) throws(DeadLetterReason) -> Int32 {
    let guess = keys.pointee.nodes[Int(cursor)].successor
    if guess != KeyNode.none {
      let node = keys.pointee.nodes + Int(guess)
      if node.pointee.parent == parent, node.pointee.isPlain,
        reader.takeString(equalTo: keys.pointee.text + Int(node.pointee.keyOffset), count: Int(node.pointee.keyLength))
      {
        cursor = guess
        return guess
      }
    }
    return try keyByHash(under: parent)
  }

  @inline(never)
  private mutating func keyByHash(under parent: Int32) throws(DeadLetterReason) -> Int32 {
    let string = try reader.string()
    var key = UnsafeRawBufferPointer(start: reader.bytes + string.start, count: string.count)
    if string.isEscaped {
      // An escape of six bytes makes at least one.
      guard string.count <= KeyTree.maximumKeyBytes * 6 else { return KeyNode.none }
      let space = staged.pointee.textSpace(string.count)
      key = UnsafeRawBufferPointer(start: space, count: reader.unescape(string, to: space))
    }
    guard key.count <= KeyTree.maximumKeyBytes else { return KeyNode.none }
    return follow(keys.pointee.child(of: parent, key: key))
  }

  /// Goes on to a node, and remembers that it came here.
  private mutating func follow(_ node: Int32) -> Int32 {
    keys.pointee.nodes[Int(cursor)].successor = node
    cursor = node
    return node
  }

  /// Any value, to be called by the node's path.
  mutating func decodeValue(_ node: Int32) throws(DeadLetterReason) {
    let byte = try reader.next(.expectedValue)
    guard node != KeyNode.none, keys.pointee.nodes[Int(node)].state != .invalid else {
      tally.invalidMetrics += 1
      try reader.skipValue()
      return
    }
    switch byte {
    case UInt8(ascii: "{"): try decodeMembers(under: node)
    case UInt8(ascii: "["): try decodeElements(under: node)
    default: try decodeBareValue(node, byte)
    }
  }

  /// The members of an object, whose brace is at the reader's position.
  mutating func decodeMembers(under parent: Int32) throws(DeadLetterReason) {
    guard try reader.beginsObject() else {
      tally.empty += 1
      return
    }
    repeat {
      let node = try key(under: parent)
      try reader.colon()
      try decodeValue(node)
    } while try reader.continuesObject()
  }

  /// The elements of an array, each called by its index.
  private mutating func decodeElements(under parent: Int32) throws(DeadLetterReason) {
    guard try reader.beginsArray() else {
      tally.empty += 1
      return
    }
    var index: Int32 = 0
    repeat {
      try decodeValue(element(index, under: parent))
      index += 1
    } while try reader.continuesArray()
  }

  private mutating func element(_ index: Int32, under parent: Int32) -> Int32 {
    let guess = keys.pointee.nodes[Int(cursor)].successor
    if guess != KeyNode.none, keys.pointee.nodes[Int(guess)].parent == parent,
      keys.pointee.nodes[Int(guess)].arrayIndex == index
    {
      cursor = guess
      return guess
    }
    // Decimal digits from the end: ten hold any index.
    let node = withUnsafeTemporaryAllocation(byteCount: 10, alignment: 1) { digits in
      var start = digits.count
      var rest = index
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      return keys.pointee.child(of: parent, key: UnsafeRawBufferPointer(rebasing: digits[start...]))
    }
    keys.pointee.nodes[Int(node)].arrayIndex = index
    return follow(node)
  }

  /// A number, boolean, text or null that begins with `byte`.
  @inline(__always)
  mutating func decodeBareValue(_ node: Int32, _ byte: UInt8) throws(DeadLetterReason) {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let number = try reader.number()
      guard number.value.isFinite else {
        tally.numbers += 1
        return
      }
      if number.isRounded { tally.roundedIntegers += 1 }
      try stage(node, .number, number.value.bitPattern)
    case UInt8(ascii: "\""): try decodeText(node)
    case UInt8(ascii: "t"):
      try reader.literal("true")
      try stageRarely(node, .boolean, 1)
    case UInt8(ascii: "f"):
      try reader.literal("false")
      try stageRarely(node, .boolean, 0)
    case UInt8(ascii: "n"):
      try reader.literal("null")
      tally.nulls += 1
    default: throw reader.unexpected(.expectedValue)
    }
  }

  private mutating func decodeText(_ node: Int32) throws(DeadLetterReason) {
    let string = try reader.string()
    // An escape of six bytes makes at least one.
    guard string.count <= staged.pointee.limits.maximumTextBytes * (string.isEscaped ? 6 : 1) else {
      tally.longTexts += 1
      return
    }
    let space = staged.pointee.textSpace(string.count)
    let length = reader.unescape(string, to: space)
    guard length <= staged.pointee.limits.maximumTextBytes else {
      tally.longTexts += 1
      return
    }
    try stageRarely(node, .text, staged.pointee.keepText(length))
  }

  /// Stages a reading; where the object has one of the same metric already, the later takes its place.
  @inline(__always)
  private mutating func stage(_ node: Int32, _ kind: PendingReading.Kind, _ bits: UInt64) throws(DeadLetterReason) {
    let entry = keys.pointee.nodes + Int(keys.pointee.nodes[Int(node)].canonical)
    if entry.pointee.message == message {
      staged.pointee.replace(at: entry.pointee.staged, kind: kind, bits: bits)
      return
    }
    if entry.pointee.state != .resolved {
      guard entry.pointee.state == .unresolved else {
        tally.refusedSeries += 1
        return
      }
      staged.pointee.noteUnresolved(keys.pointee.nodes[Int(node)].canonical)
    }
    entry.pointee.staged = try staged.pointee.append(
      series: entry.pointee.series, time: time, assignsUniqueTime: assignsUniqueTime, kind: kind, bits: bits)
    entry.pointee.message = message
  }

  /// The same, as a call: for what is not a number.
  @inline(never)
  private mutating func stageRarely(
    _ node: Int32, _ kind: PendingReading.Kind, _ bits: UInt64
  ) throws(DeadLetterReason) {
    try stage(node, kind, bits)
  }
}

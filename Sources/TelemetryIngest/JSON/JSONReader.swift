/// A cursor over one payload of JSON (RFC 8259), in place: it allocates nothing, and reads no byte beyond the end.
///
/// Every function takes or skips one thing at `position`. What is skipped is checked as strictly as what is taken.
struct JSONReader {
  let bytes: UnsafeRawPointer
  let count: Int
  let maximumDepth: Int
  var position = 0
  /// Objects and arrays that are open.
  var depth = 0

  /// - Parameter payload: must outlive the reader, and must not be empty.
  init(_ payload: UnsafeRawBufferPointer, maximumDepth: Int) throws(DeadLetterReason) {
    guard let bytes = payload.baseAddress, !payload.isEmpty else {
      throw .invalidJSON(JSONFault(.unexpectedEnd, at: 0))
    }
    self.bytes = bytes
    self.count = payload.count
    self.maximumDepth = maximumDepth
  }

  @inline(__always)
  subscript(_ index: Int) -> UInt8 { bytes.load(fromByteOffset: index, as: UInt8.self) }

  @inline(__always)
  func fault(_ kind: JSONFault.Kind, at byte: Int) -> DeadLetterReason { .invalidJSON(JSONFault(kind, at: byte)) }

  /// The fault for the byte at `position`: what was expected, or that the text ended.
  func unexpected(_ kind: JSONFault.Kind) -> DeadLetterReason {
    fault(position < count ? kind : .unexpectedEnd, at: position)
  }

  /// The byte after white space, still to be taken.
  @inline(__always)
  mutating func next(_ expected: JSONFault.Kind) throws(DeadLetterReason) -> UInt8 {
    while position < count {
      let byte = self[position]
      // Everything that has a meaning is above space.
      if byte > 0x20 { return byte }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { throw fault(expected, at: position) }
      position += 1
    }
    throw fault(.unexpectedEnd, at: position)
  }

  /// Takes an opening brace or bracket.
  @inline(__always)
  mutating func open() throws(DeadLetterReason) {
    guard depth < maximumDepth else { throw fault(.tooDeep, at: position) }
    depth += 1
    position += 1
  }

  /// Takes a closing brace or bracket.
  @inline(__always)
  mutating func close() {
    depth -= 1
    position += 1
  }

  @inline(__always)
  mutating func colon() throws(DeadLetterReason) {
    guard try next(.expectedColon) == UInt8(ascii: ":") else { throw fault(.expectedColon, at: position) }
    position += 1
  }

  /// After a member: true where a comma was taken, false where the object was closed.
  @inline(__always)
  mutating func continuesObject() throws(DeadLetterReason) -> Bool {
    switch try next(.expectedCommaOrBrace) {
    case UInt8(ascii: ","):
      position += 1
      guard try next(.expectedKey) == UInt8(ascii: "\"") else { throw fault(.expectedKey, at: position) }
      return true
    case UInt8(ascii: "}"):
      close()
      return false
    default: throw fault(.expectedCommaOrBrace, at: position)
    }
  }

  /// After an element: true where a comma was taken, false where the array was closed.
  @inline(__always)
  mutating func continuesArray() throws(DeadLetterReason) -> Bool {
    switch try next(.expectedCommaOrBracket) {
    case UInt8(ascii: ","):
      position += 1
      return true
    case UInt8(ascii: "]"):
      close()
      return false
    default: throw fault(.expectedCommaOrBracket, at: position)
    }
  }

  /// Opens an object: false where it is empty, and closed again.
  @inline(__always)
  mutating func beginsObject() throws(DeadLetterReason) -> Bool {
    try open()
    switch try next(.expectedKey) {
    case UInt8(ascii: "\""): return true
    case UInt8(ascii: "}"):
      close()
      return false
    default: throw fault(.expectedKey, at: position)
    }
  }

  /// Opens an array: false where it is empty, and closed again.
  @inline(__always)
  mutating func beginsArray() throws(DeadLetterReason) -> Bool {
    try open()
    guard try next(.expectedValue) == UInt8(ascii: "]") else { return true }
    close()
    return false
  }

  /// Takes white space up to the end: anything else is a fault.
  mutating func end() throws(DeadLetterReason) {
    while position < count {
      let byte = self[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
        throw fault(.trailingBytes, at: position)
      }
      position += 1
    }
  }
}

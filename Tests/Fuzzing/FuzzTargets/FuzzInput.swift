/// Takes decisions from the bytes of an input, in order; past its end every number is 0.
struct FuzzInput {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func byte() -> UInt8 {
    guard offset < bytes.count else { return 0 }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func uint16() -> UInt16 { UInt16(byte()) << 8 | UInt16(byte()) }

  mutating func uint32() -> UInt32 { UInt32(uint16()) << 16 | UInt32(uint16()) }

  /// One of 0 to `count - 1`.
  mutating func choice(of count: Int) -> Int { Int(byte()) % count }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[choice(of: elements.count)] }

  /// The next bytes, fewer where the input ends.
  mutating func bytes(_ count: Int) -> [UInt8] {
    let end = min(bytes.count, offset + count)
    defer { offset = end }
    return Array(bytes[offset..<end])
  }
}

/// Why bytes of a database are not what they should be.
package struct BlobError: Error, Equatable {
  package let explanation: String

  package init(_ explanation: String) { self.explanation = explanation }
}

/// Writes integers, least significant byte first, and byte strings with a length of four bytes before them.
struct BlobWriter {
  private(set) var bytes: [UInt8]

  /// The first byte says which layout follows.
  init(format: UInt8, reserving capacity: Int) {
    bytes = []
    bytes.reserveCapacity(capacity)
    bytes.append(format)
  }

  mutating func write(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Nothing that MQTT carries is longer than the length can say.
  mutating func write(string: some Collection<UInt8>) {
    write(UInt32(truncatingIfNeeded: string.count))
    bytes.append(contentsOf: string)
  }
}

/// Reads what `BlobWriter` wrote. Throws where bytes are missing or left over, or where the layout is not known.
struct BlobReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8], format: UInt8) throws(BlobError) {
    self.bytes = bytes
    let found = try read(UInt8.self)
    guard found == format else { throw BlobError("cannot read format \(found)") }
  }

  mutating func read<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(BlobError) -> Integer {
    let size = MemoryLayout<Integer>.size
    guard size <= bytes.count - place else { throw BlobError("cannot read past the end") }
    var integer = Integer.zero
    withUnsafeMutableBytes(of: &integer) { target in
      for offset in 0..<size { target[offset] = bytes[place + offset] }
    }
    place += size
    return Integer(littleEndian: integer)
  }

  mutating func readString() throws(BlobError) -> [UInt8] {
    let count = Int(try read(UInt32.self))
    guard count <= bytes.count - place else { throw BlobError("cannot read past the end") }
    defer { place += count }
    return Array(bytes[place..<place + count])
  }

  /// Text that must be UTF-8.
  mutating func readText() throws(BlobError) -> String {
    guard let text = String(validating: try readString(), as: UTF8.self) else { throw BlobError("cannot read text") }
    return text
  }

  func end() throws(BlobError) {
    guard place == bytes.count else { throw BlobError("cannot read what follows the end") }
  }
}

/// Eight truths in a byte; the lowest two bits may be a QoS.
struct BlobFlags {
  private(set) var bits: UInt8 = 0

  init() {}

  /// `known` are the bits that the layout has.
  init(_ bits: UInt8, known: UInt8) throws(BlobError) {
    guard bits & ~known == 0 else { throw BlobError("cannot read flags \(bits)") }
    self.bits = bits
  }

  subscript(bit: Int) -> Bool {
    get { bits & 1 << UInt8(bit) != 0 }
    set { bits = newValue ? bits | 1 << UInt8(bit) : bits & ~(1 << UInt8(bit)) }
  }
}

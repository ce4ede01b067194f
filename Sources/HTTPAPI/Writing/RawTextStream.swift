/// Text into memory that has room for it.
struct RawTextStream: TextOutputStream {
  private let bytes: UnsafeMutableRawPointer
  /// Bytes that were written.
  private(set) var count = 0

  init(_ bytes: UnsafeMutableRawPointer) { self.bytes = bytes }

  mutating func write(_ text: String) {
    var text = text
    text.withUTF8 { _writeASCII($0) }
  }

  /// How the standard library hands over the digits of a number without a `String` for them, two fifths of the time; where
  /// it should no longer, it calls `write`.
  mutating func _writeASCII(_ text: UnsafeBufferPointer<UInt8>) {
    guard let start = text.baseAddress else { return }
    (bytes + count).copyMemory(from: start, byteCount: text.count)
    count += text.count
  }
}

/// A name as a key: equal where the bytes are, whatever Unicode says of their meaning.
struct NameKey: Hashable, Comparable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  /// Names are checked before they come here: nothing in them needs repair.
  init(_ bytes: UnsafeRawBufferPointer) { text = String(decoding: bytes, as: UTF8.self) }

  static func == (left: NameKey, right: NameKey) -> Bool {
    guard left.text.utf8.count == right.text.utf8.count else { return false }
    return compare(left, right) { $0.elementsEqual($1) }
  }

  static func < (left: NameKey, right: NameKey) -> Bool {
    compare(left, right) { $0.lexicographicallyPrecedes($1) }
  }

  private static func compare(
    _ left: NameKey, _ right: NameKey,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    var left = left.text
    var right = right.text
    return left.withUTF8 { left in right.withUTF8 { right in body(left, right) } }
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Bytes of the text's own storage; short texts are stored in the key itself.
  var heapBytes: Int { text.utf8.count <= 15 ? 0 : (32 + text.utf8.count + 15) / 16 * 16 }
}

/// A series' name within a shard.
struct SeriesKey: Hashable, Sendable {
  let device: UInt32
  let metric: NameKey
}

/// A text on the heap, so that a block's value column holds it as one word.
final class TextBox: Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  /// Bytes this box takes, the string's own storage included.
  var byteSize: Int { Self.byteSize(of: text) }

  static func byteSize(of text: String) -> Int {
    let count = text.utf8.count
    // Strings of up to 15 bytes live inside the box; longer ones in a buffer with a header of 32 bytes.
    return count <= 15 ? 32 : 32 + (32 + count + 15) / 16 * 16
  }
}

/// A pattern of a name: `*` stands for any characters, `?` for one; no other character is special.
struct Glob: Sendable, Equatable {
  private let pattern: [UInt8]
  /// The name itself, where the pattern has no wildcard.
  let literal: String?

  init(_ text: String) {
    pattern = Array(text.utf8)
    let hasWildcard = pattern.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    literal = hasWildcard ? nil : text
  }

  /// Whether the whole name fits; `?` takes one Unicode scalar.
  func matches(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
  }

  /// Time at most the product of both lengths: on a mismatch only the last `*` takes one byte more.
  private func matches(_ name: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    var place = 0
    var retry: (place: Int, position: Int)?
    while position < name.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        retry = (place + 1, position)
        place += 1
      } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") {
        position = Self.endOfScalar(in: name, at: position)
        place += 1
      } else if place < pattern.count, pattern[place] == name[position] {
        position += 1
        place += 1
      } else if let last = retry {
        retry = (last.place, last.position + 1)
        place = last.place
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  private static func endOfScalar(in name: UnsafeRawBufferPointer, at position: Int) -> Int {
    var end = position + 1
    while end < name.count, name[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }
}

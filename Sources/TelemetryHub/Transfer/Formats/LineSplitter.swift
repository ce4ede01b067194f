/// Cuts a stream of bytes into lines, wherever its pieces are torn.
///
/// Lines end with a line feed, with or without a carriage return before it. Holds one line, whose length has a limit.
struct LineSplitter: Sendable {
  /// A line of the stream.
  enum Line: Equatable, Sendable {
    case text([UInt8])
    /// Longer than the limit; what it held is gone.
    case tooLong
  }

  /// Bytes of one line; a longer one is skipped and told as `tooLong`.
  static let maximumLineBytes = 256 << 10

  private enum State {
    case fieldStart
    case plain
    case quoted
    /// A quote within a quoted field: its end, or the first of a pair.
    case quoteInQuoted
  }

  private let quotesLineFeeds: Bool
  private let limit: Int
  private var line: [UInt8] = []
  private var state = State.fieldStart
  private var isTooLong = false
  /// Number of the line that begins next, from 1.
  private var nextNumber = 1
  private var number = 1

  /// - Parameter quotesLineFeeds: whether a line feed between quotes belongs to its field (RFC 4180 §2).
  init(quotesLineFeeds: Bool, limit: Int = maximumLineBytes) {
    self.quotesLineFeeds = quotesLineFeeds
    self.limit = limit
  }

  /// Takes a piece and gives each line that ends in it, with its number; stops where `body` says false.
  mutating func take(_ bytes: UnsafeRawBufferPointer, _ body: (Int, Line) -> Bool) -> Bool {
    var start = 0
    for (index, byte) in bytes.enumerated() {
      if quotesLineFeeds { advance(byte) }
      guard byte == 0x0A else { continue }
      nextNumber += 1
      // What is too long ends with its line, so that a quote too many spoils no more than that.
      if quotesLineFeeds, state == .quoted, !isTooLong { continue }
      keep(bytes[start..<index])
      start = index + 1
      guard end(body) else { return false }
    }
    keep(bytes[start...])
    return true
  }

  /// Gives what stands behind the last line feed, if anything.
  mutating func finish(_ body: (Int, Line) -> Bool) -> Bool {
    guard !line.isEmpty || isTooLong else { return true }
    nextNumber += 1
    return end(body)
  }

  private mutating func keep(_ bytes: Slice<UnsafeRawBufferPointer>) {
    guard !isTooLong else { return }
    if line.count + bytes.count > limit {
      isTooLong = true
      line.removeAll(keepingCapacity: true)
    } else {
      line.append(contentsOf: bytes)
    }
  }

  private mutating func end(_ body: (Int, Line) -> Bool) -> Bool {
    defer {
      line.removeAll(keepingCapacity: true)
      isTooLong = false
      state = .fieldStart
      number = nextNumber
    }
    if isTooLong { return body(number, .tooLong) }
    if line.last == 0x0D { line.removeLast() }
    return body(number, .text(line))
  }

  private mutating func advance(_ byte: UInt8) {
    switch (state, byte) {
    case (.fieldStart, UInt8(ascii: "\"")), (.quoteInQuoted, UInt8(ascii: "\"")): state = .quoted
    case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
    case (.quoted, _): break
    case (_, UInt8(ascii: ",")): state = .fieldStart
    default: state = .plain
    }
  }
}

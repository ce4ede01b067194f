/// Strings, topics and filters from a seed.
extension SeededGenerator {
  private static let characters: [Unicode.Scalar] = [
    "a", "b", "Z", "0", "9", "-", "_", " ", ".", "é", "ж", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}",
    "\u{E000}", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "\u{10000}", "😀", "\u{10FFFF}",
  ]

  mutating func text(_ count: ClosedRange<Int>) -> String {
    var text = ""
    for _ in 0..<number(count) { text.unicodeScalars.append(pick(Self.characters)) }
    return text
  }

  /// A valid topic name, now and then with an empty level.
  mutating func topic() -> String {
    let levels = (0..<number(1...5)).map { _ in once(in: 10) ? "" : text(1...6) }
    let topic = levels.joined(separator: "/")
    return topic.isEmpty ? "a" : topic
  }

  /// A valid topic filter that is not a shared subscription.
  mutating func filter() -> String {
    var levels = (0..<number(1...5)).map { _ in once(in: 3) ? "+" : text(1...6) }
    if once(in: 4) { levels[levels.count - 1] = "#" }
    return levels.joined(separator: "/")
  }
}

/// Topic matching as the model understands it: level by level, on strings (MQTT 5.0 §4.7).
///
/// A plain reading of its own, so that a mistake in the broker's matcher is not repeated here.
struct ModelTopics {
  private struct Pair: Hashable {
    let filter: String
    let topic: String
  }

  private var known: [Pair: Bool] = [:]

  mutating func matches(_ filter: String, _ topic: String) -> Bool {
    let pair = Pair(filter: filter, topic: topic)
    if let answer = known[pair] { return answer }
    let answer = Self.match(Self.levels(filter), Self.levels(topic))
    known[pair] = answer
    return answer
  }

  private static func levels(_ text: String) -> [String] {
    var levels = [""]
    for character in text.unicodeScalars {
      if character == "/" {
        levels.append("")
      } else {
        levels[levels.count - 1].unicodeScalars.append(character)
      }
    }
    return levels
  }

  private static func match(_ filter: [String], _ topic: [String]) -> Bool {
    // [MQTT-4.7.2-1]
    if topic[0].hasPrefix("$"), filter[0] == "#" || filter[0] == "+" { return false }
    for (place, level) in filter.enumerated() {
      if level == "#" { return true }
      // `a/#` stands for `a` too (MQTT 5.0 §4.7.1.2).
      guard place < topic.count else { return false }
      if level != "+", level != topic[place] { return false }
      if place == topic.count - 1, filter.count == topic.count + 1, filter[place + 1] == "#" { return true }
    }
    return filter.count == topic.count
  }
}

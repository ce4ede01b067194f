import MQTTProtocol
import Testing

@Suite("Topic matching")
struct TopicMatchingTests {
  /// Filter, what it matches, what it does not; among them every example of MQTT 5.0 §4.7.
  static let table: [(filter: String, matches: [String], others: [String])] = [
    (
      "sport/tennis/player1/#",
      ["sport/tennis/player1", "sport/tennis/player1/ranking", "sport/tennis/player1/score/wimbledon"],
      ["sport/tennis/player11", "sport/tennis"]
    ),
    ("sport/#", ["sport", "sport/", "sport/a/b"], ["sports", "a/sport", "/sport"]),
    ("#", ["a", "/", "a/b/c"], ["$SYS", "$SYS/a"]),
    ("sport/tennis/+", ["sport/tennis/player1", "sport/tennis/"], ["sport/tennis/player1/ranking", "sport/tennis"]),
    ("sport/+", ["sport/"], ["sport", "sport/a/b"]),
    ("+/+", ["/finance", "a/b", "/"], ["finance", "/a/b", "$a/b"]),
    ("/+", ["/finance"], ["finance", "a/finance"]),
    ("+", ["finance", "é"], ["/finance", "$SYS"]),
    ("+/monitor/Clients", ["a/monitor/Clients"], ["$SYS/monitor/Clients"]),
    ("$SYS/#", ["$SYS", "$SYS/", "$SYS/a/b"], ["$SYSTEM", "SYS/a"]),
    ("$SYS/monitor/+", ["$SYS/monitor/Clients"], ["$SYS/monitor"]),
    ("a/$b/+", ["a/$b/c"], ["a/b/c"]),
    ("+/$b", ["a/$b"], ["$a/$b"]),
    ("a/+/c", ["a/b/c", "a//c"], ["a/c", "a/b/b/c"]),
    ("a/+/#", ["a/b", "a/b/c", "a/"], ["a", "b/a"]),
    ("a", ["a"], ["A", "aa", "a/", "/a", "b"]),
    ("a/", ["a/"], ["a", "a//", "a/b"]),
    ("//", ["//"], ["/", "///", "/a/"]),
    ("a+b", ["a+b"], ["a/b", "acb"]),
  ]

  @Test("the rules and examples of the specification", arguments: table)
  func rules(filter: String, matches: [String], others: [String]) {
    for topic in matches { #expect(TopicFilter.matches(filter: filter, topic: topic), "\(topic)") }
    for topic in others { #expect(!TopicFilter.matches(filter: filter, topic: topic), "\(topic)") }
  }

  @Test("nothing matches an empty name")
  func empty() {
    #expect(!TopicFilter.matches(filter: "", topic: "a"))
    #expect(!TopicFilter.matches(filter: "#", topic: ""))
    #expect(!TopicFilter.matches(filter: "", topic: ""))
  }

  @Test("the same as level by level on arrays of strings")
  func againstLevels() {
    var generator = SeededGenerator(seed: 2_024)
    var matched = 0
    for _ in 0..<30_000 {
      let filter = levels(["a", "b", "", "+", "$x", "#"], &generator)
      let topic = levels(["a", "b", "", "$x"], &generator)
      guard TopicFilter.isValid(filter), TopicName.isValid(topic) else { continue }
      let expected = matchesByLevels(filter, topic)
      if expected { matched += 1 }
      if TopicFilter.matches(filter: filter, topic: topic) != expected {
        Issue.record("\(filter) and \(topic): expected \(expected)")
      }
    }
    #expect(matched > 1_000)
  }

  private func levels(_ words: [String], _ generator: inout SeededGenerator) -> String {
    (0..<generator.number(1...4)).map { _ in generator.pick(words) }.joined(separator: "/")
  }

  private func matchesByLevels(_ filter: String, _ topic: String) -> Bool {
    let filterLevels = filter.split(separator: "/", omittingEmptySubsequences: false)
    let topicLevels = topic.split(separator: "/", omittingEmptySubsequences: false)
    if topic.hasPrefix("$"), filterLevels[0] == "+" || filterLevels[0] == "#" { return false }
    let fixed = filterLevels.last == "#" ? filterLevels.dropLast() : filterLevels[...]
    guard filterLevels.last == "#" ? topicLevels.count >= fixed.count : topicLevels.count == fixed.count else {
      return false
    }
    return zip(fixed, topicLevels).allSatisfy { $0 == "+" || $0 == $1 }
  }
}

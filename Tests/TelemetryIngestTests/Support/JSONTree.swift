/// A JSON value made for a test, with its text and what should become of it.
indirect enum JSONTree {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case array([JSONTree])
  case object([(key: String, value: JSONTree)])

  static func random(depth: Int, using generator: inout SeededGenerator) -> JSONTree {
    switch Int.random(in: 0..<(depth > 0 ? 12 : 8), using: &generator) {
    case 0: .null
    case 1: .boolean(.random(using: &generator))
    case 2, 3: .number(Double(Int.random(in: -1000...1000, using: &generator)) / 8)
    case 4, 5: .number(Double.random(in: -1e6...1e6, using: &generator))
    case 6: .text(randomText(using: &generator))
    case 7: .text("")
    case 8, 9:
      .array((0..<Int.random(in: 0...3, using: &generator)).map { _ in .random(depth: depth - 1, using: &generator) })
    default: randomObject(depth: depth - 1, using: &generator)
    }
  }

  static func randomObject(depth: Int, using generator: inout SeededGenerator) -> JSONTree {
    var members: [(key: String, value: JSONTree)] = []
    for _ in 0..<Int.random(in: 0...5, using: &generator) {
      members.append((randomKey(using: &generator), .random(depth: depth, using: &generator)))
    }
    return .object(members)
  }

  private static func randomKey(using generator: inout SeededGenerator) -> String {
    let keys = [
      "temperature", "humidity", "a", "b", "a b", "a_b", "a, /b", "Wärme", "温度", "x.y", "0", "1", "\"q\"", "tab\t",
      "\u{85}", "boot", "seq", "quite-a-long-key-of-a-sensor", "\u{1F321}",
    ]
    return keys.randomElement(using: &generator) ?? "a"
  }

  private static func randomText(using generator: inout SeededGenerator) -> String {
    let parts = ["open", "ä", "\n", "\"", "\\", "/", "\u{0}", "\u{1F600}", "ﬁ", " ", "closed and quite long"]
    return (0..<Int.random(in: 1...6, using: &generator)).map { _ in parts.randomElement(using: &generator) ?? "" }
      .joined()
  }

  /// The tree as JSON, with white space and escapes as the generator likes.
  func text(using generator: inout SeededGenerator) -> String {
    let space = ["", "", "", " ", "\n", "\t\r\n "].randomElement(using: &generator) ?? ""
    switch self {
    case .null: return "null" + space
    case .boolean(let value): return "\(value)" + space
    case .number(let value): return "\(value)" + space
    case .text(let text): return Self.quoted(text, using: &generator) + space
    case .array(let elements):
      return "[" + space + elements.map { $0.text(using: &generator) }.joined(separator: "," + space) + "]" + space
    case .object(let members):
      let parts = members.map {
        Self.quoted($0.key, using: &generator) + space + ":" + space + $0.value.text(using: &generator)
      }
      return "{" + space + parts.joined(separator: "," + space) + "}" + space
    }
  }

  private static func quoted(_ text: String, using generator: inout SeededGenerator) -> String {
    var quoted = "\""
    for unit in text.unicodeScalars {
      let mustEscape = unit.value < 0x20 || unit == "\"" || unit == "\\"
      if mustEscape || Int.random(in: 0..<8, using: &generator) == 0 {
        for code in UTF16.encode(unit) ?? .init() {
          let digits = String(code, radix: 16, uppercase: .random(using: &generator))
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        quoted.unicodeScalars.append(unit)
      }
    }
    return quoted + "\""
  }

  /// What the store should hold of a message, written apart from the code under test: the rules, as slowly as may be.
  func metrics() -> [String: JSONTree] {
    guard case .object(let members) = self else { return [:] }
    // Where there is no envelope, the last `boot` and the last `seq` count, after everything else.
    let others = members.filter { $0.key != "boot" && $0.key != "seq" }
    let last = ["boot", "seq"].compactMap { name in members.last { $0.key == name } }
    var metrics: [String: JSONTree] = [:]
    JSONTree.object(others + last).collect(path: [], into: &metrics)
    return metrics
  }

  private func collect(path: [String], into metrics: inout [String: JSONTree]) {
    switch self {
    case .null: break
    case .array(let elements):
      for (index, element) in elements.enumerated() { element.collect(path: path + [String(index)], into: &metrics) }
    case .object(let members):
      for (key, value) in members { value.collect(path: path + [Self.normalized(key)], into: &metrics) }
    case .text(let text) where text.utf8.count > 256: break
    default:
      let name = path.joined(separator: ".")
      if !name.isEmpty, name.utf8.count <= 128 { metrics[name] = self }
    }
  }

  private static func normalized(_ key: String) -> String {
    var scalars: [Unicode.Scalar] = []
    var isInRun = false
    for scalar in key.unicodeScalars {
      let isForbidden = scalar.properties.generalCategory == .control || " \"'`/*?,".unicodeScalars.contains(scalar)
      if !isForbidden { scalars.append(scalar) } else if !isInRun { scalars.append("_") }
      isInRun = isForbidden
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

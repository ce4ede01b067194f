/// Where the keys of a TOML document stand.
///
/// The parser tells the line of a syntax error but not of a value, so this finds the line by the shape that
/// configuration files have: a section header, then one key a line. A value spread over several lines is skipped by
/// luck only; what is not found has no line, which makes a message shorter and not wrong.
struct TOMLLines: Sendable {
  private var lines: [String: Int] = [:]

  init(_ text: String) {
    var section = ""
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.drop { $0 == " " || $0 == "\t" }
      guard let first = content.first, first != "#" else { continue }
      if first == "[" {
        section = Self.name(content.drop { $0 == "[" }.prefix { $0 != "]" })
        note(section, index + 1)
      } else if content.contains("=") {
        let name = Self.name(content.prefix { $0 != "=" })
        note(section.isEmpty ? name : "\(section).\(name)", index + 1)
      }
    }
  }

  /// The line, counted from 1, where a section's header or a key in full (`mqtt.listen`) first stands.
  func line(of name: String) -> Int? { lines[name] }

  private mutating func note(_ name: String, _ line: Int) {
    if lines[name] == nil { lines[name] = line }
    // `mqtt.listen = …` before any header makes the section, too.
    if let dot = name.firstIndex(of: "."), lines[String(name[..<dot])] == nil { lines[String(name[..<dot])] = line }
  }

  private static func name(_ text: Substring) -> String {
    String(text.filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "'" })
  }
}

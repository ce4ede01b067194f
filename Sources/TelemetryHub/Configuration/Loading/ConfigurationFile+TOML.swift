import TOMLKit

extension ConfigurationFile {
  /// Reads the file as TOML.
  func contents() -> Contents {
    var contents = Contents()
    let root: TOMLTable
    do {
      root = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let origin = ConfigurationOrigin.file(path: path, line: error.source.begin.line)
      let message = "not TOML: \(oneLine(error.description))"
      contents.note(ConfigurationError(origin: origin, message: message), about: ConfigurationKey.all)
      return contents
    } catch {
      let origin = ConfigurationOrigin.file(path: path, line: nil)
      contents.note(ConfigurationError(origin: origin, message: "not TOML: \(error)"), about: ConfigurationKey.all)
      return contents
    }

    let lines = TOMLLines(text)
    for name in root.keys {
      let origin = ConfigurationOrigin.file(path: path, line: lines.line(of: name))
      guard let section = ConfigurationSection(rawValue: name) else {
        noteUnknownAtTop(name, isTable: root[name]?.type == .table, origin: origin, in: &contents)
        continue
      }
      guard let table = root[name]?.table else {
        contents.note(
          ConfigurationError(origin: origin, message: "\(name) is a section: write [\(name)]"),
          about: ConfigurationKey.keys(in: section))
        continue
      }
      read(table, of: section, lines, into: &contents)
    }
    return contents
  }

  private func read(
    _ table: TOMLTable, of section: ConfigurationSection, _ lines: TOMLLines, into contents: inout Contents
  ) {
    let keys = ConfigurationKey.keys(in: section)
    for name in table.keys {
      let line = lines.line(of: "\(section.rawValue).\(name)")
      let origin = ConfigurationOrigin.file(path: path, line: line)
      guard let key = keys.first(where: { $0.name == name }) else {
        let meant = nearestName(to: name, among: keys.map(\.name))
        contents.note(
          .unknown("key in [\(section.rawValue)]:", name, nearest: keys.map(\.name), origin: origin),
          about: keys.filter { $0.name == meant })
        continue
      }
      guard let value = table[name], let text = configurationText(of: value) else {
        let type = Self.nameWithArticle(table[name]?.type)
        contents.note(
          ConfigurationError(origin: origin, message: "\(key.path): received \(type), allowed: \(key.allowed)"),
          about: [key])
        continue
      }
      contents.settings.append(Setting(key: key, text: text, line: line))
    }
  }

  /// The text that a flag would carry for the same value; `nil` for tables, dates and arrays of anything but strings.
  private func configurationText(of value: any TOMLValueConvertible) -> String? {
    switch value.type {
    case .string: return value.string
    case .int: return value.int.map { "\($0)" }
    case .double: return value.double.map { "\($0)" }
    case .bool: return value.bool.map { "\($0)" }
    case .array:
      guard let array = value.array else { return nil }
      var texts: [String] = []
      for element in array {
        guard let text = element.string else { return nil }
        texts.append(text)
      }
      return texts.joined(separator: ",")
    case .table, .date, .time, .dateTime: return nil
    }
  }

  /// A key that stands before any section, or a section that is not known.
  private func noteUnknownAtTop(
    _ name: String, isTable: Bool, origin: ConfigurationOrigin, in contents: inout Contents
  ) {
    let owners = ConfigurationKey.all.filter { $0.name == name || $0.flag == name }
    if !isTable, let owner = owners.first {
      let message = "\(name) stands in no section: write \(owner.name) under [\(owner.section.rawValue)]"
      contents.note(ConfigurationError(origin: origin, message: message), about: owners)
      return
    }
    let sections = ConfigurationSection.allCases.map(\.rawValue)
    let meant = nearestName(to: name, among: sections)
    contents.note(
      .unknown(isTable ? "section" : "key", name, nearest: sections, origin: origin),
      about: ConfigurationKey.all.filter { $0.section.rawValue == meant })
  }

  private static func nameWithArticle(_ type: TOMLType?) -> String {
    switch type {
    case .array: "an array of something else than strings"
    case .table: "a table"
    case .date, .time, .dateTime: "a date or a time"
    case .string, .int, .double, .bool, nil: "a value of another kind"
    }
  }

  /// The parser's words without line breaks, so that one error stays one line.
  private func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

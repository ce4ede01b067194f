import TOMLKit

extension ConfigurationFile {
  /// A value of the file for a key of the table.
  struct Setting: Sendable {
    let key: ConfigurationKey
    let text: String
    let line: Int?
  }

  /// Reads the file as TOML: the settings in it, and everything that is wrong with it.
  func settings() -> (settings: [Setting], errors: [ConfigurationError]) {
    let root: TOMLTable
    do {
      root = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let origin = ConfigurationOrigin.file(path: path, line: error.source.begin.line)
      return ([], [ConfigurationError(origin: origin, message: "not TOML: \(oneLine(error.description))")])
    } catch {
      return ([], [ConfigurationError(origin: .file(path: path, line: nil), message: "not TOML: \(error)")])
    }

    let lines = TOMLLines(text)
    var settings: [Setting] = []
    var errors: [ConfigurationError] = []
    for name in root.keys {
      let origin = ConfigurationOrigin.file(path: path, line: lines.line(of: name))
      guard let section = ConfigurationSection(rawValue: name) else {
        errors.append(unknownAtTop(name, isTable: root[name]?.type == .table, origin: origin))
        continue
      }
      guard let table = root[name]?.table else {
        errors.append(ConfigurationError(origin: origin, message: "\(name) is a section: write [\(name)]"))
        continue
      }
      read(table, of: section, lines, &settings, &errors)
    }
    return (settings, errors)
  }

  private func read(
    _ table: TOMLTable, of section: ConfigurationSection, _ lines: TOMLLines,
    _ settings: inout [Setting], _ errors: inout [ConfigurationError]
  ) {
    let keys = ConfigurationKey.keys(in: section)
    for name in table.keys {
      let line = lines.line(of: "\(section.rawValue).\(name)")
      let origin = ConfigurationOrigin.file(path: path, line: line)
      guard let key = keys.first(where: { $0.name == name }) else {
        errors.append(.unknown("key in [\(section.rawValue)]:", name, nearest: keys.map(\.name), origin: origin))
        continue
      }
      guard let value = table[name], let text = configurationText(of: value) else {
        let type = Self.nameWithArticle(table[name]?.type)
        errors.append(
          ConfigurationError(origin: origin, message: "\(key.path): received \(type), allowed: \(key.allowed)"))
        continue
      }
      settings.append(Setting(key: key, text: text, line: line))
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
  private func unknownAtTop(_ name: String, isTable: Bool, origin: ConfigurationOrigin) -> ConfigurationError {
    let owner = ConfigurationKey.all.first { $0.name == name || $0.flag == name }
    if !isTable, let owner {
      return ConfigurationError(
        origin: origin, message: "\(name) stands in no section: write \(owner.name) under [\(owner.section.rawValue)]")
    }
    let sections = ConfigurationSection.allCases.map(\.rawValue)
    return .unknown(isTable ? "section" : "key", name, nearest: sections, origin: origin)
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

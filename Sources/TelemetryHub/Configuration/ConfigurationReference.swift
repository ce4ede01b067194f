/// The table of keys as documentation.
enum ConfigurationReference {
  /// One heading and one table a section, in Markdown.
  static var markdown: String {
    ConfigurationSection.allCases.map(section).joined(separator: "\n")
  }

  private static func section(_ section: ConfigurationSection) -> String {
    var lines = ["### `[\(section.rawValue)]` \(section.title)", ""]
    lines += ["| key | flag, variable | default | what it does, what is allowed |", "| --- | --- | --- | --- |"]
    for key in ConfigurationKey.keys(in: section) {
      let value = key.tomlText(HubConfiguration())
      lines.append(
        "| `\(key.name)` | `--\(key.flag)` `\(key.environmentVariable)` | `\(value)` |"
          + " \(key.summary). Allowed: \(key.allowed). |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

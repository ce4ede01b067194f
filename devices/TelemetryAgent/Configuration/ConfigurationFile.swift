import DeviceAgentKit
import TOMLKit

/// The configuration file: TOML, with the names of the flags as keys.
enum ConfigurationFile {
  /// Reads a file.
  ///
  /// - Throws: `SettingError` naming the file, and the line or the key where there is one.
  static func settings(at path: String) throws(SettingError) -> [(key: SettingKey, text: String)] {
    let text: String
    do { text = try LocalFile.text(at: path) } catch { throw .unreadable(file: path, reason: "\(error)") }
    return try settings(in: text, path: path)
  }

  static func settings(in text: String, path: String) throws(SettingError) -> [(key: SettingKey, text: String)] {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let reason = error.description.split(whereSeparator: \.isNewline).joined(separator: " ")
      throw .notTOML(file: path, line: error.source.begin.line, reason: reason)
    } catch {
      throw .notTOML(file: path, line: nil, reason: "\(error)")
    }
    var settings: [(key: SettingKey, text: String)] = []
    for name in table.keys {
      guard let key = SettingKey(rawValue: name) else {
        let nearest = NearestName.find(name, among: SettingKey.allCases.map(\.name))
        throw .unknownKey(name, nearest: nearest, file: path)
      }
      guard let value = table[name], let text = value.string ?? value.int.map({ "\($0)" }) else {
        throw .wrongType(key, file: path)
      }
      settings.append((key, text))
    }
    return settings
  }
}

/// What is wrong with the configuration, in one sentence.
enum SettingError: Error, Sendable, Equatable, CustomStringConvertible {
  case notAllowed(SettingKey, received: String, SettingOrigin)
  case unknownKey(String, nearest: String?, file: String)
  case wrongType(SettingKey, file: String)
  case notTOML(file: String, line: Int?, reason: String)
  case unreadable(file: String, reason: String)
  case noStateDirectory

  var description: String {
    switch self {
    case .notAllowed(let key, let received, let origin):
      "\(key.name) from \(origin): received \"\(received.prefix(80))\", allowed: \(key.allowed)"
    case .unknownKey(let name, let nearest, let file):
      "\(file): unknown key \"\(name)\""
        + (nearest.map { ", did you mean \"\($0)\"?" }
          ?? ", allowed: \(SettingKey.allCases.map(\.name).joined(separator: ", "))")
    case .wrongType(let key, let file): "\(file): \(key.name) must be a text or a number, allowed: \(key.allowed)"
    case .notTOML(let file, let line, let reason): "\(file):\(line.map { "\($0):" } ?? "") not TOML: \(reason)"
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .noStateDirectory:
      "there is no home directory to keep the journal of commands in; name a directory with --state-dir"
    }
  }
}

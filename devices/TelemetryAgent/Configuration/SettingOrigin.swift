/// Where a setting came from; a later case wins over an earlier one.
enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
  case builtIn
  case file(String)
  case environment(String)
  case flag(String)

  var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let path): path
    case .environment(let name): "the environment variable \(name)"
    case .flag(let name): "--\(name)"
    }
  }
}

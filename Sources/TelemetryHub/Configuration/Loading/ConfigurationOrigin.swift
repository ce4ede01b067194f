/// Where a value of the configuration was given.
enum ConfigurationOrigin: Sendable, Equatable {
  /// Nowhere: it is the built-in default.
  case builtIn

  /// The configuration file; the line, counted from 1, where it is known.
  case file(path: String, line: Int?)

  /// An environment variable.
  case environment(variable: String)

  /// A flag, without its dashes.
  case flag(String)
}

extension ConfigurationOrigin {
  /// The line of the file, counted from 1.
  var line: Int? {
    if case .file(_, let line) = self { line } else { nil }
  }
}

extension ConfigurationOrigin: CustomStringConvertible {
  var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line?): "\(path):\(line)"
    case .file(let path, nil): path
    case .environment(let variable): variable
    case .flag(let flag): "--\(flag)"
    }
  }
}

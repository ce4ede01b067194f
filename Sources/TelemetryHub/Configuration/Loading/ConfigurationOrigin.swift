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
  /// Where its messages stand among those of others.
  var place: (source: Int, line: Int) {
    switch self {
    case .file(_, let line): (0, line ?? .max)
    case .environment: (1, 0)
    case .flag: (2, 0)
    case .builtIn: (3, 0)
    }
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

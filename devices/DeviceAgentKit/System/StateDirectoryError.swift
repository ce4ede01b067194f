/// Why a state directory cannot be used.
public enum StateDirectoryError: Error, Sendable, CustomStringConvertible {
  case unusable(SystemError)
  /// Another process holds it.
  case inUse(String)

  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .unusable(let error): "\(error); choose a directory this user may write to with --state-dir"
    case .inUse(let path): "another agent is using the state directory \(path); give each its own --state-dir"
    }
  }
}

/// Why a sensor has no value.
public enum SensorError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file is not there: a module is not loaded, a device was unplugged.
  case missing(path: String)
  /// The file cannot be read; `code` is errno.
  case unreadable(path: String, code: Int32)
  /// The content is not what is expected there.
  case unexpected(path: String, content: String)
  /// A value that cannot be true.
  case outOfRange(String)

  /// What is wrong, with the file's path.
  public var description: String {
    switch self {
    case .missing(let path): "\(path) does not exist"
    case .unreadable(let path, let code): "\(SystemError(operation: "read \(path)", code: code))"
    case .unexpected(let path, let content): "\(path) holds \"\(content.prefix(40))\", which is not understood"
    case .outOfRange(let what): "\(what) is out of range"
    }
  }
}

/// How much an agent tells.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
  case error, warning, notice, info, debug

  /// syslog's number, which journald understands as a prefix: `<3>`.
  package var priority: Int {
    switch self {
    case .error: 3
    case .warning: 4
    case .notice: 5
    case .info: 6
    case .debug: 7
    }
  }

  /// Orders by importance: `error` is the least.
  public static func < (left: Self, right: Self) -> Bool { left.priority < right.priority }
}

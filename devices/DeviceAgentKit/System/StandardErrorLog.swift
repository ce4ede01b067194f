internal import Glibc

/// One line an event on standard error; under systemd prefixed with its priority, else with the time of day in UTC.
public struct StandardErrorLog: Sendable {
  private let level: LogLevel
  private let isJournal: Bool

  /// - Parameters:
  ///   - level: what is less important is not written.
  ///   - isJournal: whether journald reads standard error, which systemd says by `JOURNAL_STREAM`.
  public init(level: LogLevel, isJournal: Bool) {
    self.level = level
    self.isJournal = isJournal
  }

  /// Writes one line, where its level is wanted.
  public func callAsFunction(_ level: LogLevel, _ message: @autoclosure () -> String) {
    guard level <= self.level else { return }
    // Control characters of a peer's text must not make lines of their own.
    let text = String(
      String.UnicodeScalarView(message().unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    let line = isJournal ? "<\(level.priority)>\(text)\n" : "\(Self.timeOfDay()) \(level.rawValue): \(text)\n"
    let bytes = [UInt8](line.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  private static func timeOfDay() -> String {
    let seconds = SystemClock.now().unixMilliseconds / 1000 % 86_400
    let two = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }
}

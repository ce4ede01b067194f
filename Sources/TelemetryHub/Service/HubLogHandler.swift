import Glibc
import Logging

/// Log lines on standard error for people: time, level, message, metadata. Under systemd the journal keeps time, and the
/// level goes before the line as it reads it (sd-daemon(3)).
struct HubLogHandler: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  let isForJournal: Bool

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = isForJournal ? "<\(event.level.syslogPriority)>" : "\(Self.timestamp()) \(event.level) "
    line += event.message.description
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
    StandardError.write(line)
  }

  /// RFC 3339 in UTC, to the millisecond.
  private static func timestamp() -> String {
    let milliseconds = SystemClock.unixMilliseconds()
    var seconds = time_t(milliseconds / 1_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date = [Int(parts.tm_year) + 1_900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map { padded($0, 2) }
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }
    return date.joined(separator: "-") + "T" + clock.joined(separator: ":") + "."
      + padded(Int(milliseconds % 1_000), 3) + "Z"
  }
}

extension Logger.Level {
  fileprivate var syslogPriority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}

extension Logger {
  init(_ configuration: HubConfiguration) {
    let isForJournal = ProcessEnvironment.current()["JOURNAL_STREAM"] != nil
    let level = configuration.log.level
    self.init(label: "telemetry-hub") { _ in HubLogHandler(logLevel: level, isForJournal: isForJournal) }
  }

  /// For a library that says at `info` what we say ourselves.
  var forLibraries: Logger {
    var logger = self
    if logger.logLevel == .info { logger.logLevel = .notice }
    return logger
  }

  /// For libraries whose lines would repeat our own.
  static let silent = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
}

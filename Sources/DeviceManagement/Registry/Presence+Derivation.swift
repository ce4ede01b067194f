extension Presence {
  /// - Parameters:
  ///   - record: what the registry knows.
  ///   - newestReading: Unix milliseconds.
  ///   - interval: the usual time between readings, in milliseconds.
  ///   - lastCommand: the newest command that left the hub.
  ///   - now: Unix milliseconds.
  package init(record: DeviceRecord?, newestReading: Int64?, interval: Int64?, lastCommand: Command?, now: Int64) {
    connected = Self.connected(record)
    reporting = Self.reporting(newestReading: newestReading, interval: interval, now: now)
    responsive = Self.responsive(lastCommand)
  }

  private static func connected(_ record: DeviceRecord?) -> Answer {
    if let connection = record?.connections.first {
      return Answer(value: true, reason: "\(connection.protocolName) session", since: connection.since)
    }
    if let end = record?.lastDisconnection { return Answer(value: false, reason: end.reason, since: end.time) }
    return Answer(value: false, reason: "no session since the hub started", since: nil)
  }

  private static func reporting(newestReading: Int64?, interval: Int64?, now: Int64) -> Answer {
    guard let newestReading else { return Answer(value: false, reason: "no readings", since: nil) }
    let age = now.subtractingReportingOverflow(newestReading)
    guard !age.overflow else { return Answer(value: nil, reason: "the newest reading's time is absurd", since: nil) }
    let milliseconds = max(0, age.partialValue)
    guard let interval, interval > 0 else {
      return Answer(
        value: nil, reason: "newest reading \(duration(milliseconds)) old, interval not known yet",
        since: newestReading)
    }
    return Answer(
      value: milliseconds <= expectedAge(interval: interval),
      reason: "newest reading \(duration(milliseconds)) old, usually every \(duration(interval))",
      since: newestReading)
  }

  /// The greatest age of a newest reading, in milliseconds, at which its series is not late.
  package static func expectedAge(interval: Int64) -> Int64 {
    let (expected, overflow) = interval.multipliedReportingOverflow(by: intervalsUntilLate)
    return max(overflow ? .max : expected, graceTime)
  }

  private static func responsive(_ command: Command?) -> Answer {
    guard let command, let last = command.transitions.last else {
      return Answer(value: nil, reason: "no command has left the hub", since: nil)
    }
    let subject = "command \(command.name) \(command.state.rawValue)"
    switch command.state {
    case .accepted, .running, .succeeded, .failed, .rejected:
      return Answer(value: true, reason: subject, since: last.time)
    case .delivered: return Answer(value: nil, reason: "\(subject), not answered yet", since: last.time)
    case .unknown: return Answer(value: false, reason: "\(subject): no answer in time", since: last.time)
    case .queued, .sent, .expired, .cancelled: return Answer(value: nil, reason: subject, since: last.time)
    }
  }

  /// A length of time in words: two digits' worth is enough to judge by.
  static func duration(_ milliseconds: Int64) -> String {
    switch milliseconds {
    case ..<1_000: "\(milliseconds) ms"
    case ..<120_000: "\(milliseconds / 1_000) s"
    case ..<7_200_000: "\(milliseconds / 60_000) min"
    case ..<172_800_000: "\(milliseconds / 3_600_000) h"
    default: "\(milliseconds / 86_400_000) d"
    }
  }
}

/// Whether a device is there: three answers, each with its reason, derived when asked and stored nowhere.
package struct Presence: Sendable, Equatable {
  /// Yes, no, or not known.
  package struct Answer: Sendable, Equatable {
    package let value: Bool?
    /// In words, for people.
    package let reason: String
    /// Unix milliseconds.
    package let since: Int64?
  }

  /// It has a live session.
  package let connected: Answer
  /// Its newest reading is as young as its interval makes expect.
  package let reporting: Answer
  /// It answered the last command that left the hub.
  package let responsive: Answer

  /// A series is late once this many of its intervals have passed without a reading.
  static let intervalsUntilLate: Int64 = 3
  /// Milliseconds within which no series is late, however short its interval.
  static let graceTime: Int64 = 2_000
}

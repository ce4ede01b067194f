/// What became of a message published over HTTP.
package enum PublishOutcome: Sendable, Equatable {
  /// On disk.
  case committed
  /// It could not be read and is kept as a dead letter.
  case deadLetter(reason: String)
  /// It was not taken at all.
  case refused(reason: String)
  /// The hub cannot take it now: try again.
  case unavailable(reason: String)
}

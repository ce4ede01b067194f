/// Why a command was not created or not cancelled.
package enum CommandError: Error, Sendable, Equatable {
  case invalidName(String, maximumBytes: Int)
  case invalidArguments(reason: String)
  case argumentsTooLarge(bytes: Int, limit: Int)
  /// Milliseconds; allowed is from 1 to `limit`.
  case invalidTimeToLive(Int64, limit: Int64)
  /// The device has `limit` commands that are not final.
  case tooManyOpenCommands(limit: Int)
  /// The hub holds as many as it may, none of them final.
  case hubIsFull
  case notFound
  /// Only what is queued can be cancelled.
  case notQueued(CommandState)
}

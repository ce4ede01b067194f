/// Thrown by a command's handler that did nothing: the command is reported as rejected instead of failed.
public struct CommandRejection: Error, Sendable, Equatable, CustomStringConvertible {
  /// Tells the sender what to change.
  public var reason: String

  /// Rejects with a reason.
  public init(_ reason: String) { self.reason = reason }

  /// The reason.
  public var description: String { reason }
}

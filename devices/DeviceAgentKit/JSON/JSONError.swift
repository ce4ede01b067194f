/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was expected or is not allowed.
  public var reason: String
  /// Bytes from the start of the text.
  public var offset: Int

  /// Reason and place.
  public var description: String { "not JSON: \(reason) at byte \(offset)" }
}

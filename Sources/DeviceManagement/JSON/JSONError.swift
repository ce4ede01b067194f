/// Why bytes are not one JSON value, and where.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  /// Bytes from the beginning.
  package let offset: Int
  package let reason: String

  package var description: String { "invalid JSON at byte \(offset): \(reason)" }
}

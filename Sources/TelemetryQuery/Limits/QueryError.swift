/// A parameter that cannot be answered: which one, what came, and what is allowed instead.
package struct QueryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// As the caller named it, e.g. `from`.
  package var parameter: String
  package var received: String
  package var allowed: String

  package init(parameter: String, received: String, allowed: String) {
    self.parameter = parameter
    self.received = received
    self.allowed = allowed
  }

  package var description: String { "\(parameter): received \"\(received)\", allowed: \(allowed)" }
}

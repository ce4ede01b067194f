/// Why a message is not a command.
package enum CommandError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Nothing can be answered: there is no usable identifier.
  case unanswerable(String)
  /// The command has an identifier, so that it can be rejected.
  case malformed(id: String, String)

  package var description: String {
    switch self {
    case .unanswerable(let reason): reason
    case .malformed(_, let reason): reason
    }
  }
}

import Testing

/// What a test met in place of what the specification says, with the line that expected it.
struct HarnessError: Error, CustomStringConvertible {
  let message: String
  let location: SourceLocation

  init(_ message: String, at location: SourceLocation) {
    self.message = message
    self.location = location
  }

  var description: String { "\(message) (\(location.fileID):\(location.line))" }
}

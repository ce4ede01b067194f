/// One thing that is wrong with a configuration, in one sentence: where, what was received, what is allowed.
struct ConfigurationError: Error, Sendable, Equatable {
  let origin: ConfigurationOrigin
  let message: String
}

extension ConfigurationError: CustomStringConvertible {
  var description: String {
    if case .builtIn = origin { return message }
    return "\(origin): \(message)"
  }
}

extension ConfigurationError {
  /// A value that a key does not allow.
  static func notAllowed(_ key: ConfigurationKey, received: String, origin: ConfigurationOrigin) -> ConfigurationError {
    let shown = abbreviated(received)
    // A flag and a variable name the key already; a line of a file does not.
    let subject = if case .file = origin { "\(key.path): " } else { "" }
    return ConfigurationError(origin: origin, message: "\(subject)received \(shown), allowed: \(key.allowed)")
  }

  /// A name that is not in the table, with the nearest that is.
  static func unknown(
    _ what: String, _ name: String, nearest candidates: [String], origin: ConfigurationOrigin
  ) -> ConfigurationError {
    let shown = abbreviated(name)
    if let nearest = nearestName(to: name, among: candidates) {
      return ConfigurationError(origin: origin, message: "unknown \(what) \(shown), did you mean \"\(nearest)\"?")
    }
    let list = candidates.joined(separator: ", ")
    return ConfigurationError(origin: origin, message: "unknown \(what) \(shown), allowed: \(list)")
  }

  /// The text in quotes, cut where it is too long to be of help in a message.
  private static func abbreviated(_ text: String) -> String {
    text.count > 80 ? quoted(String(text.prefix(80)) + "…") : quoted(text)
  }
}

/// Everything that is wrong with a configuration: the file's faults from its top, then the variables', then the flags'.
struct ConfigurationErrors: Error, Sendable, Equatable {
  let errors: [ConfigurationError]
}

extension [ConfigurationError] {
  /// As people read them: a file from the top, and what belongs to one place in the order in which it was found.
  func inReadingOrder() -> [ConfigurationError] {
    enumerated().sorted { first, second in
      let (left, right) = (first.element.origin.place, second.element.origin.place)
      return (left.source, left.line, first.offset) < (right.source, right.line, second.offset)
    }.map(\.element)
  }
}

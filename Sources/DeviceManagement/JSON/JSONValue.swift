/// A JSON value small enough to be held whole: a request's body, a command's arguments, a device's attributes.
///
/// Telemetry never passes here. Numbers keep their literal, so that what is passed on is what was sent.
package enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// The number's literal, as RFC 8259 §6 writes it.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// In the order sent; of a repeated name the last value is kept, as in telemetry.
  case object([Member])

  package struct Member: Sendable, Equatable {
    package let name: String
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The member called `name`, where this is an object that has one.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The text, where this is a string.
  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number nearest to the literal, where this is a number within the range of `Double`.
  package var double: Double? {
    guard case .number(let literal) = self, let number = Double(literal), number.isFinite else { return nil }
    return number
  }

  /// What it is, in the words of RFC 8259: for messages about a wrong type.
  package var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

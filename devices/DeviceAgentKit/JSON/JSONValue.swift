/// Any JSON value (RFC 8259).
public enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// A number without fraction or exponent that fits.
  case integer(Int64)
  /// Any other number; not finite ones are written as `null`.
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// Of members with the same name the last one counts.
  case object([String: JSONValue])

  /// The member of an object; nil for anything else.
  public subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The text; nil for anything else.
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The boolean; nil for anything else.
  public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

  /// A whole number, also one written with a fraction of zero.
  public var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// Any number; nil for anything else.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Null.
  public init(nilLiteral: ()) { self = .null }
  /// An object.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

/// What a sensor measured.
public enum MetricValue: Sendable, Equatable {
  /// Finite; a sensor that yields anything else is reported as failed.
  case number(Double)
  case integer(Int64)
  case boolean(Bool)
  /// At most 256 bytes are kept.
  case text(String)

  package var json: JSONValue {
    switch self {
    case .number(let value): .number(value)
    case .integer(let value): .integer(value)
    case .boolean(let value): .boolean(value)
    case .text(let value): .string(value)
    }
  }
}

extension MetricValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByStringLiteral
{
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
}

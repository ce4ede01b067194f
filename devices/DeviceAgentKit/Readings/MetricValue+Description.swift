extension MetricValue: CustomStringConvertible {
  /// For a person: a text without quotes.
  public var description: String {
    switch self {
    case .number(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .text(let value): value
    }
  }
}

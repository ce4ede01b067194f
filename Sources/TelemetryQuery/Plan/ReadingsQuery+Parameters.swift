extension ReadingsQuery {
  /// Reads the parameters: `from` is an hour ago where it is not given, `to` is now, `agg` with `every` is the mean.
  ///
  /// - Throws: `QueryError` naming the first parameter that does not fit.
  package init(
    _ parameters: ReadingsParameters, now: Int64, limits: QueryLimits = QueryLimits()
  ) throws(QueryError) {
    let selector = try Selector(device: parameters.device, metric: parameters.metric, limits: limits)
    let from = try TimeExpression.parse(parameters.from ?? "-1h", parameter: "from", now: now)
    let to = try TimeExpression.parse(parameters.to ?? "now", parameter: "to", now: now)
    var every: Int64?
    if let text = parameters.every { every = try DurationExpression.parse(text, parameter: "every") }
    var aggregate: Aggregate?
    if let text = parameters.agg { aggregate = try Self.aggregate(text) }
    var level: QueryLevel?
    if let text = parameters.level { level = try Self.level(text) }
    var limit: Int?
    if let text = parameters.limit { limit = try Self.limit(text, limits: limits) }
    var cursor: QueryCursor?
    if let text = parameters.cursor { cursor = try QueryCursor(parsing: text) }
    try self.init(
      selector: selector, from: from, to: to, every: every, aggregate: aggregate, level: level, limit: limit,
      cursor: cursor, limits: limits)
  }

  private static func aggregate(_ text: String) throws(QueryError) -> Aggregate {
    guard let aggregate = Aggregate(rawValue: text) else {
      throw QueryError(parameter: "agg", received: text, allowed: Aggregate.allowed)
    }
    return aggregate
  }

  /// nil: whichever suits.
  private static func level(_ text: String) throws(QueryError) -> QueryLevel? {
    guard text != "auto" else { return nil }
    guard let level = QueryLevel(rawValue: text) else {
      throw QueryError(parameter: "level", received: text, allowed: QueryLevel.allowed)
    }
    return level
  }

  private static func limit(_ text: String, limits: QueryLimits) throws(QueryError) -> Int {
    guard let limit = Int(text), limit >= 1, limit <= limits.maximumRows else {
      throw QueryError(parameter: "limit", received: text, allowed: allowedLimit(limits))
    }
    return limit
  }
}

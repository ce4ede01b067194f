/// A query for readings, raw or in windows, every part of it valid.
package struct ReadingsQuery: Sendable {
  package let selector: Selector
  /// Inclusive, Unix milliseconds.
  package let from: Int64
  /// Exclusive, Unix milliseconds.
  package let to: Int64
  /// The length of a window, milliseconds; nil: raw readings.
  package let every: Int64?
  /// Given exactly where `every` is.
  package let aggregate: Aggregate?
  /// What windows are made of; nil: whichever suits.
  package let level: QueryLevel?
  /// Rows in total, over all series.
  package let limit: Int
  /// Where an earlier answer ended.
  package let cursor: QueryCursor?
  /// Readings or buckets that it reads, about, before it takes a coarser level.
  let readingsOfLevel: Int

  /// - Throws: `QueryError` naming the parameter that does not fit: `from` not before `to`, times beyond the years 0-9999,
  ///   a step that is not above 0, an aggregate without a step, too many windows, a level that windows cannot be made of,
  ///   a limit out of range.
  package init(
    selector: Selector, from: Int64, to: Int64, every: Int64? = nil, aggregate: Aggregate? = nil,
    level: QueryLevel? = nil, limit: Int? = nil, cursor: QueryCursor? = nil, limits: QueryLimits = QueryLimits()
  ) throws(QueryError) {
    try Self.check(from: from, to: to)
    try Self.check(every: every, aggregate: aggregate, from: from, to: to, limits: limits)
    let limit = limit ?? limits.defaultRows
    guard limit >= 1, limit <= limits.maximumRows else {
      throw QueryError(parameter: "limit", received: "\(limit)", allowed: Self.allowedLimit(limits))
    }
    self.selector = selector
    self.from = from
    self.to = to
    self.every = every
    self.aggregate = every == nil ? nil : aggregate ?? .mean
    if let level, !level.isEnough(forEvery: every, self.aggregate) {
      throw QueryError(parameter: "level", received: level.rawValue, allowed: QueryLevel.allowed)
    }
    self.level = level
    readingsOfLevel = limits.readingsOfLevel
    self.limit = limit
    self.cursor = cursor
  }

  private static func check(from: Int64, to: Int64) throws(QueryError) {
    for (parameter, time) in [("from", from), ("to", to)] where !RFC3339.representable.contains(time) {
      throw QueryError(parameter: parameter, received: "\(time) ms", allowed: "a time in the years 0 to 9999")
    }
    guard from < to else {
      throw QueryError(
        parameter: "from", received: RFC3339.string(from), allowed: "a time before to, which is \(RFC3339.string(to))")
    }
  }

  private static func check(
    every: Int64?, aggregate: Aggregate?, from: Int64, to: Int64, limits: QueryLimits
  ) throws(QueryError) {
    guard let every else {
      guard let aggregate else { return }
      throw QueryError(
        parameter: "agg", received: aggregate.rawValue, allowed: "only together with every, such as every=5m")
    }
    guard every >= 1, every <= DurationExpression.maximum else {
      throw QueryError(parameter: "every", received: "\(every)ms", allowed: DurationExpression.allowed)
    }
    // Both times lie in 10,000 years of milliseconds: no overflow.
    let windows = (to - from - 1) / every + 1
    guard windows <= limits.maximumWindows else {
      throw QueryError(
        parameter: "every", received: "\(every)ms, which makes \(windows) windows between from and to",
        allowed: "at most \(limits.maximumWindows) windows: a longer step or a shorter range")
    }
  }

  static func allowedLimit(_ limits: QueryLimits) -> String { "a whole number from 1 to \(limits.maximumRows)" }
}

/// What a window says of its readings.
///
/// Booleans count as 0 and 1 in `min`, `max`, `mean` and `sum`; texts only have `count`, `first` and `last`.
package enum Aggregate: String, CaseIterable, Sendable {
  case count, min, max, mean, sum, first, last

  /// What is allowed, for an error.
  package static let allowed = "one of " + allCases.map(\.rawValue).joined(separator: ", ")
}

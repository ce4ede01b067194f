package import TimeSeriesStorage

/// What the windows of an answer are made of.
package enum QueryLevel: String, CaseIterable, Sendable {
  case raw
  case minute = "1m"
  case hour = "1h"

  /// What is allowed, for an error.
  package static let allowed =
    "auto, raw, or 1m or 1h where every is a multiple of it and agg is not first"

  package var rollups: RollupLevel? {
    switch self {
    case .raw: nil
    case .minute: .minute
    case .hour: .hour
    }
  }

  /// Whether windows of that length can be made of it; every level but `raw` needs some.
  func isEnough(forEvery every: Int64?, _ aggregate: Aggregate?) -> Bool {
    guard let rollups else { return true }
    guard let every else { return false }
    return every % rollups.length == 0 && aggregate != .first
  }
}

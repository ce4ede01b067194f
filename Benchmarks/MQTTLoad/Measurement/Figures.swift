/// Numbers as JSON and people want them.
enum Figures {
  static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Events a second, rounded.
  static func rate(_ count: Int, in nanoseconds: Int64) -> Int {
    nanoseconds > 0 ? Int((Double(count) * 1e9 / Double(nanoseconds)).rounded()) : 0
  }

  /// Seconds with three decimals.
  static func seconds(_ nanoseconds: Int64) -> Double { (Double(nanoseconds) / 1e6).rounded() / 1e3 }
}

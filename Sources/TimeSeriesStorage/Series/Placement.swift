/// Where a reading went.
enum Placement {
  /// Behind all others of its series.
  case appended
  /// Between others.
  case inserted
  /// Into the place of one in memory with the same time.
  case replaced
}

/// Where a reading went.
enum Placement {
  /// Behind all others of its series.
  case appended
  /// Between others.
  case inserted
  /// Into the place of one with the same time; `newest`: the last of its series.
  case replaced(newest: Bool)
}

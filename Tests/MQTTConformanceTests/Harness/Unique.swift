import Synchronization

/// Names that no other test uses, so that tests share one server and run side by side.
enum Unique {
  private static let last = Atomic<Int>(0)

  /// `base` with a number that is given out once: letters, digits and a hyphen, so it fits a client identifier, a topic
  /// level and a share name alike.
  static func name(_ base: String = "t") -> String {
    "\(base)-\(last.add(1, ordering: .relaxed).newValue)"
  }
}

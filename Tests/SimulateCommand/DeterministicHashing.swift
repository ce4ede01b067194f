import Glibc

/// The standard library seeds its hashing anew in each process, and with it the order of dictionaries, in the broker too.
enum DeterministicHashing {
  private static let variable = "SWIFT_DETERMINISTIC_HASHING"

  /// Starts the command again in an environment where the order is always the same, unless it is in one.
  static func ensure() {
    guard getenv(variable) == nil else { return }
    setenv(variable, "1", 1)
    // Where that fails, a run is still a run; only its replay in another process may differ.
    execv("/proc/self/exe", CommandLine.unsafeArgv)
  }
}

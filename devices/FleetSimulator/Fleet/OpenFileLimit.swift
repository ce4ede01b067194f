import Glibc

/// The process's limit of open files, which is its limit of connections too.
enum OpenFileLimit {
  struct TooLow: Error, CustomStringConvertible {
    let needed: Int
    let allowed: Int

    var description: String {
      "\(needed) open files are needed, the limit is \(allowed); raise it with `ulimit -Hn` or systemd's LimitNOFILE, "
        + "or use fewer connections"
    }
  }

  /// Files besides the connections: the standard streams, event loops, and some to spare.
  private static let others = 64

  /// Raises the limit so that `connections` fit; the hard limit too where the process may.
  static func raise(forConnections connections: Int) throws {
    let needed = rlim_t(connections + others)
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    if limit.rlim_cur >= needed { return }
    var raised = rlimit(rlim_cur: needed, rlim_max: max(limit.rlim_max, needed))
    if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { return }
    throw TooLow(needed: Int(needed), allowed: Int(clamping: limit.rlim_max))
  }
}

import Glibc
import Logging

/// The process's limit of open files: each connection is one.
enum OpenFiles {
  /// Files beside connections: the store's, sockets of the hub itself, HTTP's connections.
  private static let reserve = 2_048

  /// Raises the soft limit as far as the hard one allows; warns where that is too little.
  static func raiseLimit(for connections: Int, logger: Logger) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    let wanted = rlim_t(connections + reserve)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = min(wanted, limit.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    if limit.rlim_cur < rlim_t(connections) {
      logger.warning(
        "\(limit.rlim_cur) open files are allowed, too few for \(connections) connections: raise LimitNOFILE")
    }
  }
}

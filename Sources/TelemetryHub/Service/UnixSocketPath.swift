import Glibc

/// Paths of Unix sockets, which the system keeps short. (unix(7), sun_path)
enum UnixSocketPath {
  /// Bytes of a path at most: one less than the system has, for the NUL behind it.
  static let maximumBytes = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  static func fits(_ path: String) -> Bool { path.utf8.count <= maximumBytes }

  static func tooLongWords(_ path: String) -> String {
    "the path has \(path.utf8.count) bytes, and a socket's may have \(maximumBytes)"
  }

  /// The socket's address; nil where the path is too long.
  static func address(_ path: String) -> sockaddr_un? {
    guard fits(path) else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return address
  }
}

internal import Glibc

/// The directory where one agent keeps what must survive it; held by one process at a time.
package struct StateDirectory: Sendable {
  package let path: String
  private let lock: FileDescriptor

  /// Makes the directory and its parents where they are missing, and locks it.
  ///
  /// - Throws: `StateDirectoryError`, which says what to do.
  package init(_ path: String) throws(StateDirectoryError) {
    self.path = path
    do {
      try Self.makeDirectories(path)
      lock = try FileDescriptor.open("\(path)/lock", O_RDWR | O_CREAT)
    } catch {
      throw .unusable(error)
    }
    guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path) }
  }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  private static func makeDirectories(_ path: String) throws(SystemError) {
    var prefix = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      prefix += "/\(part)"
      guard mkdir(prefix, 0o700) != 0 else { continue }
      let code = errno
      var status = stat()
      // A parent that exists but may not be written to answers EACCES or EROFS; it is fine as long as it is a
      // directory.
      guard stat(prefix, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw SystemError(operation: "make directory \(prefix)", code: code)
      }
    }
  }
}

import Glibc
import Synchronization

/// Keeps a data directory to one hub, until it is released or its owner is gone (flock(2)).
final class DirectoryLock: Sendable {
  private let descriptor: Mutex<Int32?>

  /// Makes the directory where it is missing.
  init(directory: String) throws(DatabaseError) {
    try Self.make(directory)
    let path = directory + "/lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      throw .system(
        operation: "open \(path)", reason: SystemFailure.words(for: errno) + "; choose a directory with --data-dir DIR")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      if code == EWOULDBLOCK { throw .inUse(directory: directory) }
      throw .system(operation: "lock \(path)", reason: SystemFailure.words(for: code))
    }
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  func release() {
    descriptor.withLock { descriptor in
      if let open = descriptor { close(open) }
      descriptor = nil
    }
  }

  private static func make(_ directory: String) throws(DatabaseError) {
    var path = ""
    for part in directory.split(separator: "/", omittingEmptySubsequences: false) {
      path += part + "/"
      guard mkdir(path, 0o750) != 0, errno != EEXIST else { continue }
      let code = errno
      var status = stat()
      // A directory that may not be written in can still hold the one that may.
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      throw .system(
        operation: "make the directory \(directory)",
        reason: SystemFailure.words(for: code) + "; choose another one with --data-dir DIR")
    }
  }
}

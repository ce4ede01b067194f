import Glibc

/// A database file that SQLite cannot read as it should: put aside, never thrown away.
struct DamagedFile {
  /// What SQLite keeps beside a database, as endings of its name.
  private static let endings = ["", "-wal", "-shm"]

  /// Where it is now.
  let path: String

  /// Renames the file and what belongs to it to the first free name.
  init(movingAside path: String) throws(DatabaseError) {
    var number = 1
    while access("\(path).damaged-\(number)", F_OK) == 0 { number += 1 }
    self.path = "\(path).damaged-\(number)"
    for ending in Self.endings where access(path + ending, F_OK) == 0 {
      guard rename(path + ending, self.path + ending) == 0 else {
        throw .system(operation: "rename \(path + ending)", reason: SystemFailure.words(for: errno))
      }
    }
  }

  // MARK: Damage that is found while the hub runs

  private static func marker(of path: String) -> String { path + ".is-damaged" }

  /// Has the next start look at the file as a damaged one.
  static func mark(_ path: String) {
    let descriptor = open(marker(of: path), O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  static func isMarked(_ path: String) -> Bool { access(marker(of: path), F_OK) == 0 }

  static func unmark(_ path: String) { unlink(marker(of: path)) }
}

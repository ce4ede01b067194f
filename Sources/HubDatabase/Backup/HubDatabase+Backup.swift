import Glibc

extension HubDatabase {
  /// The copy that a backup is made in, within the hub's directory; gone once it has been read.
  private static let backupName = "hub.db.backup"

  /// Makes a compact copy of the file as it is now, while the hub goes on; everything committed before is in it.
  ///
  /// One at a time: the caller sees to that. Takes as long as reading and writing the whole file does.
  ///
  /// - Throws: `DatabaseError`, where there is no room for the copy above all; nothing of it stays.
  package func makeBackup() throws(DatabaseError) -> DatabaseCopy {
    let copy = path + String(Self.backupName.dropFirst(Self.fileName.count))
    unlink(copy)
    // Made first, so that from its first byte on nobody else may read it.
    let descriptor = Glibc.open(copy, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .system(operation: "make \(copy)", reason: SystemFailure.words(for: errno))
    }
    // From here on it lives as long as it is open; a hub that is killed meanwhile leaves it to the next start.
    defer { unlink(copy) }
    do throws(SQLiteError) {
      let reader = try SQLiteConnection(path: path, mode: .readOnly)
      reader.setBusyTimeout(5_000)
      let vacuum = try reader.prepare("VACUUM INTO ?1")
      try vacuum.bind(1, copy)
      try vacuum.run()
    } catch {
      Glibc.close(descriptor)
      throw .sqlite(error)
    }
    return DatabaseCopy(descriptor: descriptor)
  }

  /// Removes what a backup left in a hub's directory that was cut short.
  static func removeUnfinishedBackup(directory: String) { unlink(directory + "/" + backupName) }
}

/// A copy of the database, read from its beginning to its end; it is gone with its owner.
package final class DatabaseCopy: Sendable {
  private let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  package var byteCount: Int64 {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// Appends at most `count` bytes from an offset; none at the end.
  package func read(_ count: Int, at offset: Int64, into bytes: inout [UInt8]) throws(DatabaseError) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    while true {
      let taken = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress?.advanced(by: start), count, off_t(offset))
      }
      if taken < 0 && errno == EINTR { continue }
      bytes.removeLast(count - max(taken, 0))
      guard taken >= 0 else { throw .system(operation: "read the copy", reason: SystemFailure.words(for: errno)) }
      return
    }
  }
}

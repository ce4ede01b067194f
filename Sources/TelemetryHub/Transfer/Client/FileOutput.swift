import Glibc

/// A file that is there whole or not at all, or standard output.
///
/// It is written beside its name and takes it with `finish`, after it has gone to disk.
final class FileOutput {
  private let path: String
  private let temporary: String?
  private let descriptor: Int32
  private(set) var byteCount: UInt64 = 0
  /// Whoever read from standard output has gone.
  private(set) var isClosed = false
  private var isFinished = false

  /// - Parameter path: `-` is standard output; what exists and is no regular file is written to directly.
  /// - Parameter mode: of a new file, before the umask.
  init(path: String, mode: mode_t = 0o640) throws(TransferError) {
    self.path = path
    var status = stat()
    if path == "-" {
      (descriptor, temporary) = (STDOUT_FILENO, nil)
    } else if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      (descriptor, temporary) = (open(path, O_WRONLY | O_CLOEXEC), nil)
    } else {
      let name = path + ".partial"
      (descriptor, temporary) = (open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode), name)
    }
    guard descriptor >= 0 else { throw .output(path: path, reason: SystemWords.ofLastError) }
  }

  deinit {
    if !isFinished, let temporary { unlink(temporary) }
    if descriptor != STDOUT_FILENO { close(descriptor) }
  }

  /// Writes all of it; false where nobody reads any more.
  func write(_ bytes: [UInt8]) throws(TransferError) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        guard errno == EPIPE else { throw .output(path: path, reason: SystemWords.ofLastError) }
        isClosed = true
        return false
      }
      rest = rest.dropFirst(count)
    }
    byteCount += UInt64(bytes.count)
    return true
  }

  /// The file is complete: it gets its name.
  func finish() throws(TransferError) {
    guard let temporary else { return }
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      throw .output(path: path, reason: SystemWords.ofLastError)
    }
    isFinished = true
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let opened = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { return }
    fsync(opened)
    close(opened)
  }
}

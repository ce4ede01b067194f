import Glibc

/// A file that is read from its beginning to its end, or standard input.
struct FileInput: ~Copyable {
  let descriptor: Int32
  let name: String
  /// Nil where it is no regular file.
  let byteCount: Int64?

  /// - Parameter path: `-` is standard input.
  init(path: String) throws(TransferError) {
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .input(path: path, reason: SystemWords.ofLastError) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw .input(path: path, reason: "it is a directory")
    }
    byteCount = status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  /// The next bytes, at most `count`; none at the end.
  static func read(_ descriptor: Int32, _ count: Int) throws(TransferError) -> [UInt8] {
    var taken = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      repeat { taken = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while taken < 0 && errno == EINTR
      initialized = max(taken, 0)
    }
    guard taken >= 0 else { throw .input(path: "the input", reason: SystemWords.ofLastError) }
    return bytes
  }
}

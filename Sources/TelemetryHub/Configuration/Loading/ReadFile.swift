import Glibc

/// What came of reading a file.
enum FileContents: Sendable, Equatable {
  case bytes([UInt8])
  case tooLong
  /// The system's words for what went wrong.
  case failure(String)
}

/// Reads a whole file of at most `limit` bytes.
func readFile(_ path: String, atMost limit: Int) -> FileContents {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return .failure(String(cString: strerror(errno))) }
  defer { close(descriptor) }

  var contents: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 16_384)
  while true {
    let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count == 0 { return .bytes(contents) }
    if count < 0 {
      if errno == EINTR { continue }
      return .failure(String(cString: strerror(errno)))
    }
    guard contents.count + count <= limit else { return .tooLong }
    contents.append(contentsOf: block[..<count])
  }
}

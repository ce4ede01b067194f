import Glibc

/// Files that the user names.
enum LocalFile {
  /// Why a file has no text; for a message.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// A whole file, at most 1 MiB of UTF-8 without NUL.
  static func text(at path: String) throws(Failure) -> String {
    let bytes = try bytes(at: path)
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw Failure(description: "not a UTF-8 text")
    }
    return text
  }

  /// A whole file, at most 1 MiB.
  static func bytes(at path: String) throws(Failure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Failure(description: "cannot be read: \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0 { throw Failure(description: "cannot be read: \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= 1 << 20 else { throw Failure(description: "longer than 1 MiB") }
    }
    return bytes
  }
}

import Glibc

/// A directory of one test; gone with its owner.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/telemetry-hub-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw HarnessError("cannot make a directory in \(parent)") }
    path = template.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != "." && name != ".." { remove("\(path)/\(name)") }
      }
      closedir(directory)
    }
    Glibc.remove(path)
  }

  /// Writes a file below the directory, making the directories on the way.
  @discardableResult
  func write(_ content: some Sequence<UInt8>, to name: String) throws -> String {
    var directory = path
    for part in name.split(separator: "/").dropLast() {
      directory += "/\(part)"
      mkdir(directory, 0o755)
    }
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw HarnessError("cannot write \(name)") }
    defer { close(descriptor) }
    let bytes = Array(content)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw HarnessError("cannot write \(name)") }
    return file
  }
}

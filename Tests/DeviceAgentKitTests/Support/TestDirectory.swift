import Glibc

/// A directory that is gone after the test.
final class TestDirectory {
  let path: String

  init() {
    var template = Array("/tmp/device-agent-kit-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("no temporary directory: errno \(errno)") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { Self.deleteTree(path) }

  private static func deleteTree(_ path: String) {
    if let stream = opendir(path) {
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { deleteTree("\(path)/\(name)") }
      }
      closedir(stream)
    }
    remove(path)
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func read(_ name: String) -> [UInt8]? {
    let descriptor = open(file(name), O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  func write(_ bytes: [UInt8], to name: String) {
    makeDirectories(above: name)
    let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { fatalError("cannot write \(name): errno \(errno)") }
    defer { close(descriptor) }
    guard bytes.isEmpty || Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      fatalError("cannot write \(name): errno \(errno)")
    }
  }

  func write(_ text: String, to name: String) { write(Array(text.utf8), to: name) }

  func makeFIFO(_ name: String) {
    makeDirectories(above: name)
    mkfifo(file(name), 0o600)
  }

  func makeDirectory(_ name: String) {
    makeDirectories(above: "\(name)/x")
  }

  func delete(_ name: String) { remove(file(name)) }

  private func makeDirectories(above name: String) {
    var prefix = path
    for part in name.split(separator: "/").dropLast() {
      prefix += "/\(part)"
      mkdir(prefix, 0o700)
    }
  }
}

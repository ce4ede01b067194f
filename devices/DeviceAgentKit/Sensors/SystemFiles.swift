internal import Glibc

/// The files under `/sys` and `/proc` of this machine, or of a copy under another root.
public struct SystemFiles: Sendable, Equatable {
  /// The directory that stands for `/`, without a slash at its end.
  public let root: String

  /// This machine, or the copy of a machine's files under `root`.
  public init(root: String = "/") {
    self.root = root.hasSuffix("/") ? String(root.dropLast()) : root
  }

  /// The path on this machine of a path that begins with `/`.
  package func path(_ path: String) -> String { path == "/" && root.isEmpty ? "/" : root + path }

  /// A file's text, at most 64 KiB of it.
  ///
  /// - Throws: `SensorError`; also for what is not a regular file, which might never answer.
  package func text(_ path: String) throws(SensorError) -> String {
    let full = self.path(path)
    let file: FileDescriptor
    do {
      // Without O_NONBLOCK, opening a FIFO would wait for a writer.
      file = try FileDescriptor.open(full, O_RDONLY | O_NONBLOCK)
    } catch {
      throw error.code == ENOENT || error.code == ENOTDIR
        ? .missing(path: path) : .unreadable(path: path, code: error.code)
    }
    var status = stat()
    guard fstat(file.number, &status) == 0 else { throw .unreadable(path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unexpected(path: path, content: "(not a regular file)") }
    do {
      return String(decoding: try file.read(limit: AgentLimits.sensorFileBytes, path: full), as: UTF8.self)
    } catch {
      throw .unreadable(path: path, code: error.code)
    }
  }

  /// A file's text without white space around it.
  package func line(_ path: String) throws(SensorError) -> String {
    let text = try text(path)
    let isSpace = { (character: Character) in character.isWhitespace || character == "\0" }
    guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(text[first...last])
  }

  /// A file that holds one whole number.
  package func integer(_ path: String) throws(SensorError) -> Int64 {
    let line = try line(path)
    guard let value = Int64(line) else { throw .unexpected(path: path, content: line) }
    return value
  }

  /// The names in a directory, in natural order (`hwmon2` before `hwmon10`); none where there is no such directory.
  package func names(in directory: String) -> [String] {
    guard let stream = opendir(path(directory)) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { ($0.count, $0) < ($1.count, $1) }
  }
}

internal import Glibc

/// Replaces a file so that after a power cut there is either the old or the new content, never a part.
package enum FileReplacement {
  package static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
    let temporary = "\(path).new"
    let file = try FileDescriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
    try file.write(bytes, path: temporary)
    try file.synchronize(path: temporary)
    guard rename(temporary, path) == 0 else { throw SystemError(operation: "rename \(temporary)", code: errno) }
    try synchronizeDirectory(of: path)
  }

  /// Makes a new name in a directory last.
  package static func synchronizeDirectory(of path: String) throws(SystemError) {
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let directory = try FileDescriptor.open(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY)
    guard fsync(directory.number) == 0 else { throw SystemError(operation: "fsync \(parent)", code: errno) }
  }
}

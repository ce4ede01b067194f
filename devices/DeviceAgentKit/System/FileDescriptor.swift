internal import Glibc

/// An open file, socket or eventfd; closed with its last owner.
package final class FileDescriptor: Sendable {
  package let number: Int32

  package init(owning number: Int32) { self.number = number }

  deinit { close(number) }

  /// - Throws: `SystemError` with errno.
  package static func open(
    _ path: String, _ flags: Int32, permissions: UInt32 = 0o600
  ) throws(SystemError) -> FileDescriptor {
    let number = Glibc.open(path, flags | O_CLOEXEC, mode_t(permissions))
    guard number >= 0 else { throw SystemError(operation: "open \(path)", code: errno) }
    return FileDescriptor(owning: number)
  }

  /// Writes all of it, or throws; `path` is for the error's text.
  package func write(_ bytes: [UInt8], path: String) throws(SystemError) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress?.advanced(by: offset), $0.count - offset) }
      if count > 0 {
        offset += count
      } else if count == 0 || errno != EINTR {
        throw SystemError(operation: "write \(path)", code: count == 0 ? ENOSPC : errno)
      }
    }
  }

  /// Reads to the end, at most `limit` bytes.
  package func read(limit: Int, path: String) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(limit, 16 << 10))
    while bytes.count < limit {
      let wanted = min(buffer.count, limit - bytes.count)
      let count = buffer.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, wanted) }
      if count > 0 {
        bytes.append(contentsOf: buffer[..<count])
      } else if count == 0 {
        break
      } else if errno != EINTR {
        throw SystemError(operation: "read \(path)", code: errno)
      }
    }
    return bytes
  }

  /// Waits until what was written is on the disk.
  package func synchronize(path: String) throws(SystemError) {
    guard fdatasync(number) == 0 else { throw SystemError(operation: "fsync \(path)", code: errno) }
  }
}

internal import Glibc

/// A pipe that one thread or a signal handler writes to and that wakes another thread's poll.
package struct WakePipe: Sendable {
  /// To poll for reading.
  package let reader: FileDescriptor
  package let writer: FileDescriptor

  package init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError(operation: "make a pipe", code: errno) }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    reader = FileDescriptor(owning: ends[0])
    writer = FileDescriptor(owning: ends[1])
  }

  package func wake() { Self.wake(writer.number) }

  /// Allowed in a signal handler. A full pipe is a pipe that wakes.
  static func wake(_ number: Int32) {
    let savedErrno = errno
    var byte: UInt8 = 1
    _ = write(number, &byte, 1)
    errno = savedErrno
  }

  /// Whether it was woken since the last call.
  package func take() -> Bool {
    var buffer: (UInt64, UInt64) = (0, 0)
    return read(reader.number, &buffer, MemoryLayout.size(ofValue: buffer)) > 0
  }
}

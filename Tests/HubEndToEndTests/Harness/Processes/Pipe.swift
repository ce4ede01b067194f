import Glibc

/// The two ends of a pipe; closed with their owner, unless taken. Made under `ChildProcess.starting` only.
struct Pipe: ~Copyable {
  private let readEnd: Int32
  let writeEnd: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw HarnessError("cannot make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// The end to read from, which is the caller's now; the other end is the child's alone.
  consuming func closingWriteEnd() -> Int32 {
    let copy = fcntl(readEnd, F_DUPFD_CLOEXEC, 0)
    return copy
  }
}

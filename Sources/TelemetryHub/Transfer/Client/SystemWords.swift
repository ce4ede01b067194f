import Glibc

/// What the operating system says of the call that failed last.
enum SystemWords {
  static var ofLastError: String { String(cString: strerror(errno)) }
}

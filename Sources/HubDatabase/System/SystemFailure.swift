import Glibc

/// What the operating system says of a call that failed.
enum SystemFailure {
  static func words(for code: Int32) -> String { String(cString: strerror(code)) }
}

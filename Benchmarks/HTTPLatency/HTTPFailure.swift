import Glibc

/// Why a measurement cannot go on.
struct HTTPFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// A system call that failed.
  init(call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
}

import Glibc

/// Why a load cannot go on, in words for a person.
struct LoadFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// A system call that failed just now.
  init(call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
}

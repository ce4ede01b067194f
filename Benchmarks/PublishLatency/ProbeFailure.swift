import Glibc

/// Why a measurement cannot go on.
struct ProbeFailure: Error {
  let explanation: String

  init(_ explanation: String) { self.explanation = explanation }

  /// A system call that failed.
  init(call: String) { explanation = "\(call): \(String(cString: strerror(errno)))" }
}

internal import Glibc

/// A system call that failed.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried, for a reader: `open /var/lib/telemetry-agent/x`.
  public var operation: String
  /// errno.
  public var code: Int32

  /// A call that failed with errno `code`.
  public init(operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }

  /// What could not be done, and why.
  public var description: String { "cannot \(operation): \(String(cString: strerror(code)))" }
}

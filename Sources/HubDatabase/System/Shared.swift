import Synchronization

/// A value that threads share, under a lock.
final class Shared<Value: ~Copyable>: Sendable {
  private let value: Mutex<Value>

  init(_ value: consuming sending Value) { self.value = Mutex(value) }

  func withLock<Result>(_ body: (inout sending Value) throws -> sending Result) rethrows -> sending Result {
    try value.withLock(body)
  }
}

import Glibc

/// What a command says beside its result.
enum StandardError {
  /// Writes one line; a closed standard error is no reason to fail.
  static func write(_ line: String, terminator: String = "\n") {
    var rest = Array((line + terminator).utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

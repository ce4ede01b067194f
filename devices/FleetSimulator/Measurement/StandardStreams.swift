import Glibc

/// Whole lines to the standard streams, at once.
enum StandardStreams {
  static func output(_ line: String) { write(line, to: 1) }

  static func error(_ line: String) { write(line, to: 2) }

  private static func write(_ line: String, to descriptor: CInt) {
    var rest = Array((line + "\n").utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

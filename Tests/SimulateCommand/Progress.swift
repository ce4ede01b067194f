import Glibc

/// A line on standard error that says how far a run is; only where someone looks at a terminal.
struct Progress {
  let total: Int
  private(set) var done = 0
  private let isShown = isatty(STDERR_FILENO) == 1

  init(total: Int) { self.total = total }

  mutating func advance(failures: Int) {
    done += 1
    guard isShown, done % 50 == 0 || done == total else { return }
    say("\r\(done) of \(total) seeds, \(failures) failures")
  }

  func finish() {
    if isShown { say("\n") }
  }

  private func say(_ text: String) {
    var text = text
    text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

import Glibc
import MQTTBroker

/// Says on standard error how far a command came, in one line that is written over and over.
struct ProgressLine {
  /// Milliseconds between two states of the line.
  private static let interval: Int64 = 250

  private let isShown: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastTime: Int64 = 0
  private var lastWidth = 0

  /// - Parameter isWanted: whether it is shown where standard error is no terminal, too.
  init(isWanted: Bool) { isShown = isWanted || isatty(STDERR_FILENO) == 1 }

  /// - Parameter force: whether it is shown however soon after the last one.
  mutating func show(_ text: @autoclosure () -> String, force: Bool = false) {
    guard isShown else { return }
    let now = SystemClock.brokerTime().monotonic
    guard force || now - lastTime >= Self.interval else { return }
    lastTime = now
    let text = text()
    guard isTerminal else { return StandardError.write(text) }
    let padding = String(repeating: " ", count: max(0, lastWidth - text.count))
    lastWidth = text.count
    StandardError.write("\r\(text)\(padding)", terminator: "")
  }

  /// The line is left as it is, and what follows begins behind it.
  mutating func end() {
    if isShown, isTerminal, lastWidth > 0 { StandardError.write("") }
    lastWidth = 0
  }

  /// Bytes for people: `12.3 MB`.
  static func size(_ bytes: UInt64) -> String {
    let tenths = bytes / 100_000
    return bytes < 1_000_000 ? "\(bytes / 1_000) kB" : "\(tenths / 10).\(tenths % 10) MB"
  }
}

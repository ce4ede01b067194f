internal import Glibc

/// Numbers the messages of one boot, across restarts of the agent: a number used twice would be taken for a duplicate.
///
/// The number is kept in a file that is written with every message and never synchronised: a kill leaves it in the page
/// cache, and a power cut begins a new boot, whose numbers begin again.
package struct SequenceCounter: Sendable {
  package let boot: String
  private var next: UInt64
  private let file: FileDescriptor?

  /// - Parameters:
  ///   - path: where the number is kept; nil: nowhere.
  ///   - sinceBoot: where nothing is known of this boot, counting begins at its age in milliseconds, which is more than
  ///     any earlier run of an agent that sends less than one message a millisecond can have used.
  package init(boot: String, path: String?, sinceBoot: Duration) throws(SystemError) {
    self.boot = boot
    next = UInt64(max(sinceBoot.wholeMilliseconds, 1))
    guard let path else {
      file = nil
      return
    }
    let file = try FileDescriptor.open(path, O_RDWR | O_CREAT)
    let text = String(decoding: try file.read(limit: 256, path: path), as: UTF8.self)
    let parts = text.split(whereSeparator: \.isWhitespace)
    if parts.count == 2, parts[0] == boot, let stored = UInt64(parts[1]), stored < UInt64(Int64.max) { next = stored }
    self.file = file
  }

  /// The next number. One that cannot be kept is used all the same: a reading is worth more than its number.
  package mutating func take() -> UInt64 {
    let number = next
    next += 1
    if let file {
      // As long as the longest number, so that a shorter text never leaves the end of an older one behind.
      let digits = String(next)
      let text = "\(boot) \(String(repeating: "0", count: max(20 - digits.count, 0)))\(digits)\n"
      _ = [UInt8](text.utf8).withUnsafeBytes { pwrite(file.number, $0.baseAddress, $0.count, 0) }
    }
    return number
  }
}

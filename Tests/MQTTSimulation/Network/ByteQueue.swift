/// Bytes on their way, in order.
struct ByteQueue {
  private var bytes: [UInt8] = []
  private var start = 0

  var count: Int { bytes.count - start }

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  mutating func take(_ count: Int) -> [UInt8] {
    let taken = Array(bytes[start..<start + count])
    start += count
    if start == bytes.count || start > 65_536 {
      bytes.removeFirst(start)
      start = 0
    }
    return taken
  }

  /// Loses all but the first `count`.
  mutating func truncate(to count: Int) {
    if count < self.count { bytes.removeLast(self.count - count) }
  }
}

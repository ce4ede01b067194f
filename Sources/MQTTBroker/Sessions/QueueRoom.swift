/// How much more may wait for a client.
struct QueueRoom: Sendable {
  private var messages: Int
  private var bytes: Int
  /// Whether something was too much: nothing is taken after it, so that order is kept.
  private(set) var isExhausted = false

  static let none = QueueRoom(messages: 0, bytes: 0)

  init(messages: Int, bytes: Int) {
    self.messages = messages
    self.bytes = bytes
  }

  var isEmpty: Bool { messages <= 0 || bytes <= 0 }

  /// Takes a message of `size` bytes; false where there is no room for it.
  mutating func take(_ size: Int) -> Bool {
    guard !isExhausted, messages > 0, size <= bytes else {
      close()
      return false
    }
    messages -= 1
    bytes -= size
    return true
  }

  /// Takes nothing more.
  mutating func close() { isExhausted = true }

  /// What each of `count` may fill. A single message may need all of the bytes, so that they are not divided.
  func divided(by count: Int) -> QueueRoom {
    QueueRoom(messages: isEmpty ? 0 : max(1, messages / max(count, 1)), bytes: bytes)
  }
}

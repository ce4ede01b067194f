/// The key with which a client masks a frame's payload, as far as it has been used. (RFC 6455 §5.3)
struct WebSocketMask: Sendable, Equatable {
  /// The byte that comes next is the lowest.
  private var key: UInt32

  /// - Parameter key: the four bytes as a little-endian number.
  init(littleEndian key: UInt32) { self.key = key }

  /// Unmasks `source` into `destination`, which has room for it; the next bytes go on where these ended.
  mutating func unmask(_ source: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer) {
    precondition(destination.count >= source.count, "BUG: no room for the payload")
    let wide = UInt64(key) << 32 | UInt64(key)
    var offset = 0
    while source.count - offset >= 8 {
      let word = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ wide
      destination.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    while offset < source.count {
      destination[offset] = source[offset] ^ UInt8(truncatingIfNeeded: key)
      key = key >> 8 | key << 24
      offset += 1
    }
  }
}

import NIOCore

/// Where the reads of a connection go: but for the first one, into a buffer that all connections of its loop share. A
/// buffer of its own, once grown, would stay with every connection that ever sent much.
///
/// The first read is CONNECT, and a small buffer of its own is all that an idle connection keeps. NIO keeps as many
/// buffers as it reads at once, so connections with this allocator read once (`maxMessagesPerRead` 1).
struct ReadAllocator: RecvByteBufferAllocator {
  let loop: EventLoopShard
  /// Bytes of a read at most.
  let size: Int
  private var isFirst = true

  /// Bytes of a connection's first read.
  static let firstSize = 512

  init(loop: EventLoopShard, size: Int) {
    self.loop = loop
    self.size = size
  }

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
    if isFirst { return allocator.buffer(capacity: Self.firstSize) }
    return size == EventLoopShard.readSize ? loop.takeReadBuffer() : allocator.buffer(capacity: size)
  }

  func nextBufferSize() -> Int? { nil }

  mutating func record(actualReadBytes: Int) -> Bool {
    isFirst = false
    // "May grow": asks for another buffer with each read.
    return true
  }
}

import NIOCore

/// Stands where the socket is: once told so, the next flush fails as one of the system's does. What the socket had still
/// to be read comes at once, then the connection is closed, all before the flush returns.
final class FailingSocket: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// The reads that come when the flush fails; nil while it does not.
  var lastReads: [[UInt8]]?
  private(set) var failedFlushes = 0

  func flush(context: ChannelHandlerContext) {
    guard let reads = lastReads else {
      context.flush()
      return
    }
    failedFlushes += 1
    // What is flushed from within a flush waits for it.
    guard failedFlushes == 1 else { return }
    for read in reads { context.fireChannelRead(NIOAny(ByteBuffer(bytes: read))) }
    if !reads.isEmpty { context.fireChannelReadComplete() }
    context.close(promise: nil)
  }
}

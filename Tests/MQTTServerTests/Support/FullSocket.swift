import NIOCore

/// Stands where the socket is, which takes nothing: what is written stays in the channel.
final class FullSocket: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var isFull = true

  func flush(context: ChannelHandlerContext) {
    if !isFull { context.flush() }
  }

  /// The peer reads again.
  func drain(_ channel: any Channel) {
    isFull = false
    channel.flush()
  }
}

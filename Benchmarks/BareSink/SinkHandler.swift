import NIOCore

/// Takes MQTT packets off one connection, acknowledges what wants it, and keeps nothing.
///
/// It is the least that a server can do for a publish, so it shows what a load generator can send. Only what a publisher
/// sends is understood: CONNECT, PUBLISH, PINGREQ, DISCONNECT.
final class SinkHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let counter: SinkCounter
  private var pending: [UInt8] = []
  private var replies = ByteBuffer()

  init(counter: SinkCounter) { self.counter = counter }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    var scan = PacketScan()
    replies.clear()
    let used: Int
    if pending.isEmpty {
      used = bytes.withUnsafeReadableBytes { scan.run($0, replies: &replies) }
      bytes.withUnsafeReadableBytes { pending.append(contentsOf: $0[used...]) }
    } else {
      bytes.withUnsafeReadableBytes { pending.append(contentsOf: $0) }
      used = pending.withUnsafeBytes { scan.run($0, replies: &replies) }
      pending.removeFirst(used)
    }
    counter.add(scan.messages)
    if replies.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(replies), promise: nil) }
    if scan.isOver { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

import NIOCore

/// Takes MQTT packets off one connection, acknowledges what wants it, and keeps nothing.
///
/// It is the least that a server can do for a publish, so it shows what a load generator can do. Given a table, it takes
/// subscriptions too and passes publishes on.
final class SinkHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let counter: SinkCounter
  private let table: NIOLoopBoundBox<FanOutTable>?
  private var pending: [UInt8] = []
  private var replies = ByteBuffer()

  init(counter: SinkCounter, table: NIOLoopBoundBox<FanOutTable>?) {
    self.counter = counter
    self.table = table
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    var scan = PacketScan(passesOn: table != nil)
    replies.clear()
    if pending.isEmpty {
      bytes.withUnsafeReadableBytes { bytes in
        let used = take(bytes, scan: &scan)
        pending.append(contentsOf: bytes[used...])
      }
    } else {
      bytes.withUnsafeReadableBytes { pending.append(contentsOf: $0) }
      let whole = pending
      pending.removeFirst(whole.withUnsafeBytes { take($0, scan: &scan) })
    }
    counter.add(scan.messages)
    for topic in scan.subscriptions { table?.value.add(context.channel, to: topic) }
    if replies.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(replies), promise: nil) }
    if scan.isOver { context.close(promise: nil) }
  }

  /// Returns the bytes that were whole packets.
  private func take(_ bytes: UnsafeRawBufferPointer, scan: inout PacketScan) -> Int {
    let used = scan.run(bytes, replies: &replies)
    table?.value.forward(scan.runs, of: bytes)
    return used
  }

  func channelInactive(context: ChannelHandlerContext) { table?.value.remove(context.channel) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

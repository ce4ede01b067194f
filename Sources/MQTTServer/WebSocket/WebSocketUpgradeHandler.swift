import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The one HTTP request of a connection: opens WebSocket, or is told why not. It leaves the pipeline once MQTT speaks.
final class WebSocketUpgradeHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private enum State {
    case awaitingHead
    /// The handshake is complete with the request's end.
    case awaitingEnd(HTTPRequestHead, subprotocol: String)
    /// HTTP leaves the pipeline.
    case upgraded
    case refused
  }

  private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
  private let handshake: WebSocketHandshake
  private let loop: EventLoopShard
  private let reads: ReadAllocator
  private var state = State.awaitingHead

  private init(
    decoder: ByteToMessageHandler<HTTPRequestDecoder>, handshake: WebSocketHandshake, loop: EventLoopShard,
    reads: ReadAllocator
  ) {
    self.decoder = decoder
    self.handshake = handshake
    self.loop = loop
    self.reads = reads
  }

  /// Puts HTTP in front of what the pipeline has next.
  ///
  /// - Parameter reads: how the socket is read once WebSocket is open; what HTTP reads it may keep, so that is little.
  static func add(
    to pipeline: ChannelPipeline.SynchronousOperations, loop: EventLoopShard, handshake: WebSocketHandshake,
    reads: ReadAllocator
  ) throws {
    // What follows the request comes as an error and not as a message, so that nothing is taken for what it is not.
    let decoder = ByteToMessageHandler(
      HTTPRequestDecoder(leftOverBytesStrategy: .fireError, limitConfiguration: WebSocketLimits.decoder))
    try pipeline.addHandler(decoder)
    try pipeline.addHandler(WebSocketUpgradeHandler(decoder: decoder, handshake: handshake, loop: loop, reads: reads))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (unwrapInboundIn(data), state) {
    case (.head(let head), .awaitingHead):
      do throws(HTTPRefusal) {
        state = .awaitingEnd(head, subprotocol: try handshake.subprotocol(for: head))
      } catch {
        refuse(error, context)
      }
    case (.end, .awaitingEnd(let head, let subprotocol)):
      accept(head, subprotocol, context)
    case (_, .refused): break
    default: refuse(.badRequest("That is no WebSocket handshake."), context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .upgraded = state, case ByteToMessageDecoderError.leftoverDataWhenDone(let rest) = error {
      // A client that did not wait for our answer.
      context.fireChannelRead(NIOAny(rest))
    } else if error is HTTPParserError {
      refuse(.badRequest("That is no HTTP request: \(HTTPRefusal.isNoWebSocket.text)"), context)
    } else {
      context.fireErrorCaught(error)
    }
  }

  // MARK: Answers

  private static let upgrader = NIOWebSocketServerUpgrader(
    shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
    upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })

  private func accept(_ head: HTTPRequestHead, _ subprotocol: String, _ context: ChannelHandlerContext) {
    state = .upgraded
    Self.upgrader.buildUpgradeResponse(channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:])
      .assumeIsolated().whenComplete { result in
        guard case .success(let headers) = result else {
          self.refuse(.badRequest("That is no WebSocket handshake."), context)
          return
        }
        // [MQTT-6.0.0-4]
        var response = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: \(subprotocol)\r\n"
        for (name, value) in headers { response += "\(name): \(value)\r\n" }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: response + "\r\n")), promise: nil)
        self.leave(context)
      }
  }

  /// WebSocket takes the place of HTTP; bytes that HTTP has not read are WebSocket's.
  private func leave(_ context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    do {
      try pipeline.addHandler(WebSocketHandler(loop: loop), position: .after(self))
      try context.channel.syncOptions?.setOption(.recvAllocator, value: reads)
    } catch {
      context.close(promise: nil)
      return
    }
    pipeline.removeHandler(decoder).assumeIsolated().whenComplete { _ in
      context.fireChannelReadComplete()
      pipeline.removeHandler(context: context, promise: nil)
    }
  }

  private func refuse(_ refusal: HTTPRefusal, _ context: ChannelHandlerContext) {
    if case .refused = state { return }
    if case .upgraded = state {
      context.close(promise: nil)
      return
    }
    state = .refused
    context.writeAndFlush(wrapOutboundOut(refusal.bytes), promise: nil)
    // Closing with bytes unread would destroy the answer on its way.
    let channel = context.channel
    context.close(mode: .output, promise: nil)
    loop.eventLoop.scheduleTask(in: WebSocketHandler.closeTimeout) { channel.close(promise: nil) }
  }
}

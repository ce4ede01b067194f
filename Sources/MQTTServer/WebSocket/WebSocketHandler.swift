import NIOCore

/// WebSocket between the socket and MQTT, once the handshake is done: data frames in, their payload on; output in binary
/// frames [MQTT-6.0.0-1]; Ping, Pong and the closing handshake.
final class WebSocketHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let loop: EventLoopShard
  private var reader = WebSocketFrameReader()
  /// What a Close frame of ours will say.
  private var closeCode = WebSocketCloseCode.normal
  private var hasSentClose = false
  /// The peer closed, or broke the rules: what it still sends is thrown away.
  private var hasHeardTheLast = false
  private var needsFlush = false

  init(loop: EventLoopShard) { self.loop = loop }

  // MARK: Inbound

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    defer { loop.giveBackRead(buffer) }
    guard !hasHeardTheLast else { return }
    // Unmasked on the way into a buffer that the loop's connections share: the read's own belongs to the socket.
    var stream = loop.takeUnpacked(buffer.readableBytes)
    var ping: [UInt8]?
    var ending: WebSocketCloseCode?
    var violation: WebSocketViolation?
    buffer.withUnsafeReadableBytes { bytes in
      var rest = bytes
      do throws(WebSocketViolation) {
        while ending == nil, let frame = try reader.read(&rest, into: &stream) {
          switch frame {
          // Only the last of several needs an answer. (RFC 6455 §5.5.3)
          case .ping(let payload): ping = payload
          case .pong: break
          case .close(let code): ending = code ?? .normal
          }
        }
      } catch {
        violation = error
      }
    }
    hasHeardTheLast = ending != nil || violation != nil
    if stream.readableBytes > 0, !hasSentClose { context.fireChannelRead(wrapInboundOut(stream)) }
    loop.giveBackUnpacked(stream)

    if let ping, !hasSentClose { pong(ping, context) }
    if let ending { peerClosed(ending, context) }
    if let violation { refuse(violation, context) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    guard needsFlush else { return }
    needsFlush = false
    context.flush()
  }

  private func pong(_ payload: [UInt8], _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(WebSocketFrameWriter.pong(payload)), promise: nil)
    needsFlush = true
  }

  /// The closing handshake is complete once both have said Close; then the server closes. (RFC 6455 §7.1.1)
  private func peerClosed(_ code: WebSocketCloseCode, _ context: ChannelHandlerContext) {
    closeCode = code
    sendClose(context)
    // The MQTT connection is lost, unless DISCONNECT came before.
    context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    context.close(promise: nil)
  }

  private func refuse(_ violation: WebSocketViolation, _ context: ChannelHandlerContext) {
    closeCode = violation.code
    // MQTT says its own last words and closes, unless it has before.
    context.fireErrorCaught(violation)
    if !hasSentClose { close(context: context, mode: .all, promise: nil) }
  }

  // MARK: Outbound

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    // No data after Close. (RFC 6455 §5.5.1)
    guard !hasSentClose else {
      promise?.fail(ChannelError.outputClosed)
      return
    }
    let buffer = unwrapOutboundIn(data)
    guard buffer.readableBytes > 0 else {
      // Nothing to frame: someone waits for what is before it.
      context.write(data, promise: promise)
      return
    }
    context.write(wrapOutboundOut(WebSocketFrameWriter.binary(length: buffer.readableBytes)), promise: nil)
    context.write(data, promise: promise)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard let ending = event as? ConnectionEnding else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    switch ending {
    case .packetTooLarge: closeCode = .tooBig
    }
    promise?.succeed()
  }

  /// MQTT closes: Close is sent, and the peer has a moment to answer it.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard !hasSentClose else {
      switch mode {
      case .all: context.close(mode: mode, promise: promise)
      case .input, .output: promise?.succeed()
      }
      return
    }
    if loop.isShuttingDown { closeCode = .goingAway }
    sendClose(context)
    if let promise { context.channel.closeFuture.cascade(to: promise) }
    let channel = context.channel
    loop.eventLoop.scheduleTask(in: Self.closeTimeout) { channel.close(promise: nil) }
  }

  /// How long a peer may take to answer Close.
  static let closeTimeout = TimeAmount.milliseconds(500)

  private func sendClose(_ context: ChannelHandlerContext) {
    guard !hasSentClose else { return }
    hasSentClose = true
    context.writeAndFlush(wrapOutboundOut(WebSocketFrameWriter.close(closeCode)), promise: nil)
  }
}

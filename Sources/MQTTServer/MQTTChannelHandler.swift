import MQTTBroker
import MQTTProtocol
import NIOCore

/// One MQTT connection's bytes: frames packets in place, hands them to the shard, gathers its output.
final class MQTTChannelHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  enum Reading {
    case active
    /// CONNACK waits for another event loop; packets stay in the buffer.
    case paused
    /// The client is over its rate; packets stay in the buffer.
    case throttled
    /// The hub closes; what still comes is thrown away.
    case ended
  }

  let loop: EventLoopShard
  let shard: BrokerShard
  private let gate: ListenerGate
  private(set) var context: ChannelHandlerContext?
  var connection: ClientConnection?
  var reading = Reading.active
  /// The beginning of a packet whose rest has not come; nothing is kept between packets.
  private var unread: ByteBuffer?
  /// nil where the listener limits no rate of its clients.
  let rates: ClientRates?
  /// Beyond the listener's connections: its CONNECT is answered with a refusal.
  private var isSurplus = false
  /// Output since the last flush, or since the socket is full.
  var unsent = ByteBuffer()
  private var countedUnsent = 0
  var wantsRead = false
  /// As the channel last said; kept here because it is asked for with every read.
  var isWritable = true
  private var hasReadSinceSettled = false
  var time: BrokerTime
  var isFlushing = false
  /// What is written leads nowhere any more: the hub is about to close.
  var isDiscarding = false
  /// The hub closes, once the last words have left.
  var isClosing = false

  init(loop: EventLoopShard, gate: ListenerGate) {
    self.loop = loop
    shard = loop.shard
    self.gate = gate
    time = loop.now()
    rates = ClientRates(gate.limits, at: time.monotonic)
  }

  // MARK: Inbound

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func channelActive(context: ChannelHandlerContext) {
    loop.channelOpened()
    isSurplus = gate.connectionOpened()
    connection = shard.opened(output: self, listener: gate.limits, at: loop.now())
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    guard reading != .ended else { return }
    shard.bytesMoved(received: buffer.readableBytes)
    var isOurs = false
    if var kept = takeUnread() {
      kept.writeBuffer(&buffer)
      buffer = kept
      isOurs = true
    }
    time = loop.now()
    process(buffer, isOurs: isOurs)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    settleRead()
  }

  func settleRead() {
    guard hasReadSinceSettled else { return }
    hasReadSinceSettled = false
    shard.endedRead(at: time)
  }

  /// Hands over every whole packet of the buffer and keeps the rest; `isOurs` where the buffer is no read of the socket.
  func process(_ buffer: ByteBuffer, isOurs: Bool) {
    guard let connection else { return }
    hasReadSinceSettled = true
    throttleIfOverRate()
    let consumed = buffer.withUnsafeReadableBytes { bytes in
      var offset = 0
      while reading == .active {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        do throws(MQTTDecodeError) {
          guard let header = try PacketFraming.readHeader(rest, maximumPacketSize: gate.limits.maximumPacketSize),
            rest.count >= header.packetLength
          else { break }
          let body = UnsafeRawBufferPointer(rebasing: rest[header.length..<header.packetLength])
          try handle(header, body, on: connection)
          offset += header.packetLength
          if let rates {
            rates.took(header, at: time.monotonic)
            throttleIfOverRate()
          }
        } catch {
          refuse(error, on: connection)
          offset = bytes.count
        }
      }
      return offset
    }
    guard reading != .ended, consumed < buffer.readableBytes else {
      connection.partialPacketSince = nil
      return
    }
    // A copy of just the rest: a slice would keep the whole read alive. What is kept already is not copied again, unless
    // it is a beginning behind whole packets.
    if isOurs, consumed == 0 || reading == .throttled {
      var rest = buffer
      rest.moveReaderIndex(forwardBy: consumed)
      keep(rest, on: connection)
    } else {
      keep(ByteBuffer(buffer.readableBytesView.dropFirst(consumed)), on: connection)
    }
    // Where the hub itself withholds reading, the client owes nothing.
    connection.partialPacketSince = reading == .active ? time.monotonic : nil
  }

  private func refuse(_ error: MQTTDecodeError, on connection: ClientConnection) {
    if error.reasonCode == .packetTooLarge {
      context?.triggerUserOutboundEvent(ConnectionEnding.packetTooLarge, promise: nil)
    }
    shard.received(error, on: connection, at: time)
  }

  /// Keeps the beginning of a packet, counted among those of all clients.
  private func keep(_ rest: ByteBuffer?, on connection: ClientConnection) {
    let memory = shard.broker.memory
    memory.inputChanged(by: (rest?.readableBytes ?? 0) - (unread?.readableBytes ?? 0))
    unread = rest
    if rest != nil, memory.isInputFull {
      shard.received(
        MQTTDecodeError(.quotaExceeded, "half packets of all clients have reached their limit"), on: connection,
        at: time)
    }
  }

  @inline(__always)
  private func handle(
    _ header: FixedHeader, _ body: UnsafeRawBufferPointer, on connection: ClientConnection
  ) throws(MQTTDecodeError) {
    if connection.isAwaitingConnect, header.type != .connect {
      throw MQTTDecodeError.protocolError("the first packet is not CONNECT")
    }
    if header.type == .publish {
      shard.received(
        try PublishView.decode(header, body: body, version: connection.version), on: connection, at: time)
    } else {
      let packet = try ControlPacket.decode(header, body: body, version: connection.version)
      if isSurplus, case .connect(let connect) = packet {
        // Its listener has all the connections it may.
        shard.refuse(connect, .quotaExceeded, on: connection, at: time)
      } else {
        shard.received(packet, on: connection, at: time)
      }
    }
  }

  // MARK: Memory

  /// Keeps the total of all clients' unsent output; it changes only while the socket is full.
  func countUnsent() {
    let change = unsent.readableBytes - countedUnsent
    guard change != 0 else { return }
    shard.broker.memory.outputChanged(by: change)
    countedUnsent += change
  }

  func takeUnread() -> ByteBuffer? {
    guard let kept = unread else { return nil }
    shard.broker.memory.inputChanged(by: -kept.readableBytes)
    unread = nil
    return kept
  }

  func dropBuffers() {
    _ = takeUnread()
    unsent = ByteBuffer()
    countUnsent()
  }

  // MARK: The end

  func channelInactive(context: ChannelHandlerContext) {
    end()
    self.context = nil
    gate.connectionClosed()
    loop.channelClosed()
    context.fireChannelInactive()
  }

  /// Nothing more will come from the client.
  private func end() {
    settleRead()
    reading = .ended
    rates?.cancelRelease()
    if let connection { shard.closed(connection, at: loop.now()) }
    connection = nil
    dropBuffers()
  }

  /// A transport in front has heard the last of its peer while the socket is still open.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { end() }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let violation = error as? WebSocketViolation {
      guard let connection, reading != .ended else { return }
      time = loop.now()
      shard.received(MQTTDecodeError.protocolError(violation.reason), on: connection, at: time)
      shard.endedRead(at: time)
    } else {
      // A reset or a failed write: the connection is lost.
      context.close(promise: nil)
    }
  }
}

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
    /// The client's packets took the loop for long; the next ones wait until others had it.
    case resting
    /// The hub closes; what still comes is thrown away.
    case ended
  }

  let loop: EventLoopShard
  let shard: BrokerShard
  private let gate: ListenerGate
  private let isAtSocket: Bool
  private(set) var context: ChannelHandlerContext?
  var connection: ClientConnection?
  var reading = Reading.active
  /// The beginning of a packet whose rest has not come; nothing is kept between packets.
  var unread: ByteBuffer?
  /// nil where the listener limits no rate of its clients.
  let rates: ClientRates?
  /// Whether it has one of its listener's places.
  private var isAdmitted = false
  /// Output since the last flush, or since the socket is full.
  var unsent = ByteBuffer()
  var countedUnsent = 0
  /// Bytes that the channel holds for its socket, as it said when last asked; then the socket takes nothing.
  var held = 0
  var givenSinceAsked = 0
  var wantsRead = false
  /// As the channel last said; kept here because it is asked for with every read.
  var isWritable = true
  private var hasReadSinceSettled = false
  var time: BrokerTime
  /// Within a flush or a close, which the broker may have asked for in the middle of its work.
  var isCallingOut = false
  /// Nothing more comes from the client.
  var isInputOver = false
  /// Ends of the input that wait for the loop's next turn.
  var waiting: [() -> Void] = []
  var hasAskedForTurn = false
  /// What is written leads nowhere any more: the hub is about to close.
  var isDiscarding = false
  /// The hub closes, once the last words have left.
  var isClosing = false

  /// - Parameter isAtSocket: no other handler stands between the socket and this one.
  init(loop: EventLoopShard, gate: ListenerGate, isAtSocket: Bool = true) {
    self.loop = loop
    self.isAtSocket = isAtSocket
    shard = loop.shard
    self.gate = gate
    time = loop.now()
    rates = ClientRates(gate.limits, at: time.monotonic)
  }

  // MARK: Inbound

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func channelActive(context: ChannelHandlerContext) {
    loop.channelOpened()
    gate.connectionOpened()
    connection = shard.opened(output: self, listener: gate.limits, at: loop.now())
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    let read = buffer
    defer { if isAtSocket { loop.giveBackRead(read) } }
    guard reading != .ended else { return }
    shard.bytesMoved(received: buffer.readableBytes)
    guard !isCallingOut else {
      putOff(buffer)
      return
    }
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
    if !isCallingOut { settleRead() }
  }

  func settleRead() {
    guard hasReadSinceSettled else { return }
    hasReadSinceSettled = false
    shard.endedRead(at: time)
  }

  /// The clock is read once in so many packets and one.
  private static let clockMask = 31

  /// Hands over every whole packet of the buffer and keeps the rest; `isOurs` where the buffer is no read of the socket.
  func process(_ buffer: ByteBuffer, isOurs: Bool) {
    guard let connection else { return }
    hasReadSinceSettled = true
    throttleIfOverRate()
    let consumed = buffer.withUnsafeReadableBytes { bytes in
      var offset = 0
      var count = 0
      while reading == .active {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        do throws(MQTTDecodeError) {
          guard let header = try PacketFraming.readHeader(rest, maximumPacketSize: gate.limits.maximumPacketSize),
            rest.count >= header.packetLength
          else { break }
          let body = UnsafeRawBufferPointer(rebasing: rest[header.length..<header.packetLength])
          try handle(header, body, on: connection)
          offset += header.packetLength
          count &+= 1
          if count & Self.clockMask == 0 { restIfTurnIsOver() }
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
      keep(ByteBuffer(bytes: buffer.readableBytesView.dropFirst(consumed)), on: connection)
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

  /// What is kept of one client while all together have too much: the little that ends up in the next read is not what
  /// fills the memory, and those who fill it shall not cost all others their connections.
  private var sparedInputBytes: Int { min(4 * 1024, shard.broker.limits.totalInputBytes / 1024) }

  /// Keeps the beginning of a packet, counted among those of all clients.
  private func keep(_ rest: ByteBuffer, on connection: ClientConnection) {
    let memory = shard.broker.memory
    memory.inputChanged(by: rest.readableBytes)
    if var late = unread {
      // Came while the packets before it were handled.
      unread = rest
      unread?.writeBuffer(&late)
    } else {
      unread = rest
    }
    if memory.isInputFull, rest.readableBytes > sparedInputBytes {
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
      if case .connect(let connect) = packet, !admit(connect) {
        shard.refuse(connect, .quotaExceeded, on: connection, at: time)
      } else {
        shard.received(packet, on: connection, at: time)
      }
    }
  }

  /// False where the listener has all the clients it may.
  private func admit(_ connect: ConnectPacket) -> Bool {
    if !isAdmitted {
      isAdmitted = gate.admit(isTakeOver: shard.broker.isConnected(connect.clientIdentifier))
    }
    return isAdmitted
  }

  /// Its place is free, however long its last words take.
  func giveUpPlace() {
    if isAdmitted { gate.clientLeft() }
    isAdmitted = false
  }

  // MARK: Memory

  func takeUnread() -> ByteBuffer? {
    guard let kept = unread else { return nil }
    shard.broker.memory.inputChanged(by: -kept.readableBytes)
    unread = nil
    return kept
  }

  func dropBuffers() {
    _ = takeUnread()
    unsent = ByteBuffer()
    held = 0
    countUnsent()
  }

  // MARK: The end

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    // Nothing more is written to it, whatever the broker still has for it.
    isWritable = false
    inTurn {
      self.end()
      self.gate.connectionClosed()
      self.loop.channelClosed()
    }
    context.fireChannelInactive()
  }

  /// Nothing more will come from the client.
  private func end() {
    settleRead()
    reading = .ended
    rates?.cancelRelease()
    if let connection { shard.closed(connection, at: loop.now()) }
    connection = nil
    giveUpPlace()
    dropBuffers()
  }

  /// The client closed its half of the connection, or a transport in front has heard the last of it.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed {
      inTurn { if self.isAtSocket { self.inputEnded() } else { self.end() } }
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// Nothing more will come from the client; what it is owed goes to it first.
  private func inputEnded() {
    settleRead()
    rates?.cancelRelease()
    if let connection {
      shard.inputEnded(connection, at: loop.now())
    } else if !isClosing {
      context?.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let violation = error as? WebSocketViolation {
      inTurn { self.end(over: violation) }
    } else {
      // A reset or a failed write: the connection is lost.
      context.close(promise: nil)
    }
  }

  private func end(over violation: WebSocketViolation) {
    guard let connection, reading != .ended else { return }
    time = loop.now()
    shard.received(MQTTDecodeError.protocolError(violation.reason), on: connection, at: time)
    shard.endedRead(at: time)
  }
}

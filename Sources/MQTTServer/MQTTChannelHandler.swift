import MQTTBroker
import MQTTProtocol
import NIOCore

/// One MQTT connection's bytes: frames packets in place, hands them to the shard, gathers its output.
final class MQTTChannelHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  private enum Reading {
    case active
    /// CONNACK waits for another event loop; packets stay in the buffer.
    case paused
    /// The hub closes; what still comes is thrown away.
    case ended
  }

  private let loop: EventLoopShard
  private let shard: BrokerShard
  private let maximumPacketSize: Int
  private var context: ChannelHandlerContext?
  private var connection: ClientConnection?
  private var reading = Reading.active
  /// The beginning of a packet whose rest has not come; nothing is kept between packets.
  private var unread: ByteBuffer?
  /// Output since the last flush, or since the socket is full.
  private var unsent = ByteBuffer()
  private var countedUnsent = 0
  private var wantsRead = false
  /// As the channel last said; kept here because it is asked for with every read.
  private var isWritable = true
  private var hasReadSinceSettled = false
  private var time: BrokerTime
  private var isFlushing = false

  private static let flushBytes = 64 * 1024

  init(loop: EventLoopShard, maximumPacketSize: Int) {
    self.loop = loop
    shard = loop.shard
    self.maximumPacketSize = maximumPacketSize
    time = loop.now()
  }

  // MARK: Inbound

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func channelActive(context: ChannelHandlerContext) {
    loop.channelOpened()
    connection = shard.opened(output: self, at: loop.now())
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

  private func settleRead() {
    guard hasReadSinceSettled else { return }
    hasReadSinceSettled = false
    shard.endedRead(at: time)
  }

  /// Hands over every whole packet of the buffer and keeps the rest; `isOurs` where the buffer is no read of the socket.
  private func process(_ buffer: ByteBuffer, isOurs: Bool) {
    guard let connection else { return }
    hasReadSinceSettled = true
    let consumed = buffer.withUnsafeReadableBytes { bytes in
      var offset = 0
      while reading == .active {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        do throws(MQTTDecodeError) {
          guard let header = try PacketFraming.readHeader(rest, maximumPacketSize: maximumPacketSize),
            rest.count >= header.packetLength
          else { break }
          let body = UnsafeRawBufferPointer(rebasing: rest[header.length..<header.packetLength])
          try handle(header, body, on: connection)
          offset += header.packetLength
        } catch {
          shard.received(error, on: connection, at: time)
          offset = bytes.count
        }
      }
      return offset
    }
    guard reading != .ended, consumed < buffer.readableBytes else {
      connection.partialPacketSince = nil
      return
    }
    // A copy of just the rest: a slice would keep the whole read alive. What is kept already is not copied again.
    keep(
      isOurs && consumed == 0 ? buffer : ByteBuffer(buffer.readableBytesView.dropFirst(consumed)), on: connection)
    connection.partialPacketSince = time.monotonic
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
      shard.received(
        try ControlPacket.decode(header, body: body, version: connection.version), on: connection, at: time)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    settleRead()
    reading = .ended
    if let connection { shard.closed(connection, at: loop.now()) }
    connection = nil
    dropBuffers()
    self.context = nil
    loop.channelClosed()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A reset or a failed write: the connection is lost.
    context.close(promise: nil)
  }

  // MARK: Back-pressure

  /// The next read of the socket waits while the peer takes no output: who does not read is not read from.
  func read(context: ChannelHandlerContext) {
    if reading != .paused && (isWritable || reading == .ended) {
      context.read()
    } else {
      wantsRead = true
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    // Later where it comes out of our own flush, which may stand in the middle of a decision.
    if isWritable { isFlushing ? loop.eventLoop.assumeIsolated().execute { self.drained() } : drained() }
    context.fireChannelWritabilityChanged()
  }

  private func drained() {
    guard isWritable else { return }
    flush()
    if let connection, reading != .ended { shard.outputDrained(connection, at: loop.now()) }
    readIfWanted()
  }

  private func readIfWanted() {
    guard wantsRead, let context, reading != .paused, isWritable else { return }
    wantsRead = false
    context.read()
  }
}

extension MQTTChannelHandler: ConnectionOutput {
  var pendingBytes: Int { unsent.readableBytes }

  var isFull: Bool { !isWritable }

  func write(_ packet: ControlPacket, version: ProtocolVersion) {
    append(packet.encodedSize(version: version)) { packet.encode(version: version, into: $0) }
  }

  func writeAcknowledgement(
    _ type: PacketType, packetIdentifier: UInt16, reasonCode: ReasonCode, version: ProtocolVersion
  ) {
    append(AcknowledgementEncoder.maximumSize) {
      AcknowledgementEncoder.encode(
        type, packetIdentifier: packetIdentifier, reasonCode: reasonCode, version: version, into: $0)
    }
  }

  func writePublish(
    _ header: OutgoingPublish, topic: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer,
    payload: UnsafeRawBufferPointer
  ) {
    let size = PublishEncoder.encodedSize(
      topicLength: topic.count, propertiesLength: properties.count, payloadLength: payload.count, qos: header.qos,
      version: header.version)
    append(size) {
      PublishEncoder.encode(
        topic: topic, properties: properties, payload: payload, qos: header.qos, retain: header.retain,
        duplicate: header.duplicate, packetIdentifier: header.packetIdentifier, version: header.version, into: $0)
    }
  }

  @inline(__always)
  private func append(_ size: Int, _ encode: (UnsafeMutableRawBufferPointer) -> Int) {
    if unsent.capacity == 0 { unsent = loop.takeBuffer() }
    unsent.writeWithUnsafeMutableBytes(minimumWritableBytes: size, encode)
  }

  func flush() {
    guard !isFlushing, let context else { return }
    isFlushing = true
    // In pieces, so that what a full socket leaves stays here, where it counts.
    while isWritable, unsent.readableBytes > Self.flushBytes, let piece = unsent.readSlice(length: Self.flushBytes) {
      send(piece, context)
    }
    if isWritable, unsent.readableBytes > 0 {
      let rest = unsent
      unsent = ByteBuffer()
      send(rest, context)
      loop.giveBack(rest)
    }
    isFlushing = false
    countUnsent()
  }

  private func send(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    shard.bytesMoved(sent: buffer.readableBytes)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
  }

  /// Keeps the total of all clients' unsent output; it changes only while the socket is full.
  private func countUnsent() {
    let change = unsent.readableBytes - countedUnsent
    guard change != 0 else { return }
    shard.broker.memory.outputChanged(by: change)
    countedUnsent += change
  }

  private func takeUnread() -> ByteBuffer? {
    guard let kept = unread else { return nil }
    shard.broker.memory.inputChanged(by: -kept.readableBytes)
    unread = nil
    return kept
  }

  private func dropBuffers() {
    _ = takeUnread()
    unsent = ByteBuffer()
    countUnsent()
  }

  func pauseReading() { reading = .paused }

  func resumeReading() {
    guard reading == .paused else { return }
    reading = .active
    if let kept = takeUnread() {
      time = loop.now()
      process(kept, isOurs: true)
      settleRead()
    }
    readIfWanted()
  }

  func close() {
    guard reading != .ended else { return }
    reading = .ended
    _ = takeUnread()
    connection = nil
    let hasLastWords = unsent.readableBytes > 0
    flush()
    guard let context else { return }
    if hasLastWords {
      linger(context)
    } else {
      context.close(promise: nil)
    }
  }

  /// Closes our half and waits a moment for the peer's: closing with bytes unread would reset the connection and
  /// destroy the last packet on its way.
  private func linger(_ context: ChannelHandlerContext) {
    let channel = context.channel
    context.close(mode: .output, promise: nil)
    wantsRead = false
    context.read()
    loop.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
  }
}

import MQTTBroker
import MQTTProtocol
import NIOCore

/// Output leaves in pieces of this size.
private let flushBytes = 64 * 1024
/// How long the last words to a peer may take before the connection is closed over them.
private let lastWordsTimeout = TimeAmount.milliseconds(500)

extension MQTTChannelHandler: ConnectionOutput {
  var pendingBytes: Int { unsent.readableBytes + held }

  var isFull: Bool { !takesOutput }

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

  func writeFrame(
    _ frame: UnsafeRawBufferPointer, packetIdentifier: UInt16, at offset: Int?, version: ProtocolVersion
  ) {
    append(frame.count) { room in
      room.copyMemory(from: frame)
      if let offset { room.storeBytes(of: packetIdentifier.bigEndian, toByteOffset: offset, as: UInt16.self) }
      return frame.count
    }
  }

  @inline(__always)
  private func append(_ size: Int, _ encode: (UnsafeMutableRawBufferPointer) -> Int) {
    guard !isDiscarding else { return }
    if unsent.capacity == 0 { unsent = loop.takeBuffer() }
    unsent.writeWithUnsafeMutableBytes(minimumWritableBytes: size, encode)
  }

  func flush() {
    // What is written from within a flush goes with it.
    guard !isCallingOut else { return }
    callOut { sendUnsent() }
  }

  private func sendUnsent() {
    defer { countUnsent() }
    guard let context else { return }
    // In pieces, so that what a full socket leaves stays here, where it counts.
    while takesOutput, unsent.readableBytes > flushBytes, let piece = unsent.readSlice(length: flushBytes) {
      send(piece, context)
    }
    if takesOutput, unsent.readableBytes > 0 {
      let rest = unsent
      unsent = ByteBuffer()
      send(rest, context)
      loop.giveBack(rest)
    }
  }

  private func send(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    shard.bytesMoved(sent: buffer.readableBytes)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    gave(buffer.readableBytes)
  }

  func pauseReading() { reading = .paused }

  func resumeReading() {
    guard reading == .paused else { return }
    reading = .active
    goOn()
  }

  func close() {
    guard reading != .ended else { return }
    reading = .ended
    _ = takeUnread()
    connection = nil
    giveUpPlace()
    // At a stop what was flushed before may still wait in the socket's queue.
    let hasLastWords = unsent.readableBytes > 0 || loop.isShuttingDown
    callOut { close(withLastWords: hasLastWords) }
  }

  private func close(withLastWords hasLastWords: Bool) {
    sendUnsent()
    guard let context else { return }
    guard hasLastWords else {
      context.close(promise: nil)
      return
    }
    isClosing = true
    let channel = context.channel
    loop.eventLoop.scheduleTask(in: lastWordsTimeout) { channel.close(promise: nil) }
    lingerOnceSent()
  }

  func discard() {
    isDiscarding = true
    unsent = ByteBuffer()
    countUnsent()
  }

  /// Goes on to close when everything was handed to the socket and taken by it; else `drained` comes back here.
  func lingerOnceSent() {
    guard isClosing, takesOutput, unsent.readableBytes == 0, let context else { return }
    isClosing = false
    let sent = context.eventLoop.makePromise(of: Void.self)
    sent.futureResult.assumeIsolated().whenComplete { _ in
      if let context = self.context { self.linger(context) }
    }
    // Behind all that waits in the socket's queue.
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
  }

  /// Closes our half and waits a moment for the peer's: closing with bytes unread would reset the connection and
  /// destroy the last packet on its way.
  private func linger(_ context: ChannelHandlerContext) {
    context.close(mode: .output, promise: nil)
    wantsRead = false
    context.read()
  }
}

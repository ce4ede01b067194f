import Durability
import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import MQTTServer

/// The handler between bytes and the shard, on an embedded channel: however the network tears the bytes, the same
/// packets come out.
@Suite struct MQTTChannelHandlerTests {
  /// A sink that takes everything.
  private final class SilentSink: MessageSink {
    func received(
      _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
      at time: BrokerTime
    ) -> PublishAnswer { .success }
    func endedRead(at time: BrokerTime) -> CommitSequence { .none }
    func connected(_ client: ClientConnection, at time: BrokerTime) {}
    func disconnected(_ client: ClientConnection, because reason: DisconnectReason, at time: BrokerTime) {}
    func subscribed(_ client: ClientConnection, to topic: DeviceTopic, qos: QoS, at time: BrokerTime) {}
    func unsubscribed(_ client: ClientConnection, from topic: DeviceTopic, at time: BrokerTime) {}
  }

  /// One connection of a server of its own.
  private final class Door {
    let channel: EmbeddedChannel
    let loop: EventLoopShard

    init(limits: BrokerLimits = BrokerLimits()) throws {
      channel = EmbeddedChannel()
      let broker = Broker(limits: limits, shardCount: 1, commitQueue: MemoryCommitQueue())
      loop = EventLoopShard(
        shard: BrokerShard(broker: broker, index: 0, sink: SilentSink()), eventLoop: channel.eventLoop
      ) { BrokerTime(monotonic: 0, wall: 0) }
      try channel.pipeline.syncOperations.addHandler(
        MQTTChannelHandler(loop: loop, maximumPacketSize: limits.maximumPacketSize))
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    func send(_ bytes: some Sequence<UInt8>) throws {
      try channel.writeInbound(ByteBuffer(bytes: bytes))
      channel.embeddedEventLoop.run()
    }

    func output() throws -> [UInt8] {
      var bytes: [UInt8] = []
      while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
      return bytes
    }
  }

  private static let conversation: [ControlPacket] = [
    .connect(ConnectPacket(version: .v5, clientIdentifier: "c")),
    .subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "a/#", qos: .exactlyOnce)])),
    .publish(PublishPacket(topic: Array("a/b".utf8), payload: [1, 2, 3])),
    .publish(PublishPacket(topic: Array("a/c".utf8), payload: [], qos: .atLeastOnce, packetIdentifier: 5)),
    .publish(PublishPacket(topic: Array("a/d".utf8), payload: [9], qos: .exactlyOnce, packetIdentifier: 6)),
    .pubrel(AcknowledgementPacket(packetIdentifier: 6)),
    .pingreq,
    .publish(PublishPacket(topic: Array("a/e".utf8), payload: Array(repeating: 7, count: 300))),
    .unsubscribe(UnsubscribePacket(packetIdentifier: 2, filters: ["never"])),
    .pingreq,
  ]

  private static var bytes: [UInt8] { conversation.flatMap { $0.encoded(version: .v5) } }

  /// What comes back, one packet a line; acknowledgements to ourselves are not part of it.
  private func answers(_ bytes: [UInt8]) throws -> [PacketType] {
    var types: [PacketType] = []
    try bytes.withUnsafeBytes { raw in
      var offset = 0
      while offset < raw.count,
        let header = try PacketFraming.readHeader(
          UnsafeRawBufferPointer(rebasing: raw[offset...]), maximumPacketSize: MQTTLimits.maximumPacketLength)
      {
        types.append(header.type)
        offset += header.packetLength
      }
      #expect(offset == raw.count, "output ends within a packet")
    }
    return types
  }

  @Test func theTornStreamSaysTheSameAsTheWholeOne() throws {
    let whole = try Door()
    try whole.send(Self.bytes)
    let expected = try whole.output()
    #expect(
      try answers(expected).sorted { $0.rawValue < $1.rawValue }.map(\.rawValue)
        == [2, 3, 3, 3, 3, 4, 5, 7, 9, 11, 13, 13])

    let byteByByte = try Door()
    for byte in Self.bytes { try byteByByte.send([byte]) }
    #expect(try Set(answers(byteByByte.output())) == Set(answers(expected)))

    for cut in 1..<Self.bytes.count {
      let torn = try Door()
      try torn.send(Self.bytes.prefix(cut))
      try torn.send(Self.bytes.dropFirst(cut))
      let types = try answers(torn.output())
      #expect(types.count == 12, "cut at \(cut): \(types)")
    }
  }

  @Test func nothingIsKeptBetweenPackets() throws {
    let door = try Door()
    try door.send(Self.bytes.prefix(Self.conversation[0].encoded(version: .v5).count))
    #expect(try answers(door.output()) == [.connack])
    #expect(door.loop.shard.broker.statistics.bytesReceived > 0)
  }

  @Test func whatIsNoPacketEndsTheConnectionWithItsReason() throws {
    let door = try Door()
    try door.send(Self.conversation[0].encoded(version: .v5))
    _ = try door.output()
    try door.send([0x36, 0x00])
    #expect(try door.output() == DisconnectPacket(reasonCode: .malformedPacket).bytes)
    // What still comes is thrown away.
    try door.send(ControlPacket.pingreq.encoded(version: .v5))
    #expect(try door.output().isEmpty)
    #expect(door.loop.shard.broker.statistics.connections == 0)
  }

  @Test func aPacketOverTheLimitIsRefusedByItsHeader() throws {
    var limits = BrokerLimits()
    limits.maximumPacketSize = 100
    let door = try Door(limits: limits)
    try door.send(Self.conversation[0].encoded(version: .v5))
    _ = try door.output()
    try door.send([0x30, 0x80, 0x01])
    #expect(try door.output() == DisconnectPacket(reasonCode: .packetTooLarge).bytes)
  }

  @Test(arguments: PacketType.allCases.filter { $0 != .connect }) func theFirstPacketMustBeConnect(type: PacketType)
    throws
  {
    let door = try Door()
    let flags: UInt8 = [.pubrel, .subscribe, .unsubscribe].contains(type) ? 2 : 0
    try door.send([type.rawValue << 4 | flags, 2, 0, 1])
    #expect(try door.output().isEmpty)
    #expect(door.loop.shard.broker.statistics.connections == 0)
    #expect(door.loop.shard.broker.statistics.protocolErrors == 1)
  }

  @Test func anUnknownProtocolLevelIsAnswered() throws {
    let door = try Door()
    var connect = ConnectPacket(version: .v3_1_1, clientIdentifier: "c").bytes
    connect[8] = 9
    try door.send(connect)
    // CONNACK with return code 1 [MQTT-3.1.2-2].
    #expect(try door.output() == [0x20, 2, 0, 1])
  }
}

extension DisconnectPacket {
  fileprivate var bytes: [UInt8] { ControlPacket.disconnect(self).encoded(version: .v5) }
}

extension ConnectPacket {
  fileprivate var bytes: [UInt8] { ControlPacket.connect(self).encoded(version: version) }
}

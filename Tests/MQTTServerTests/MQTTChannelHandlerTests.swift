import MQTTBroker
import MQTTProtocol
import Testing

@testable import MQTTServer

/// The handler between bytes and the shard, on an embedded channel: however the network tears the bytes, the same
/// packets come out.
@Suite struct MQTTChannelHandlerTests {
  @Test func theTornStreamSaysTheSameAsTheWholeOne() throws {
    let whole = try Door().connect()
    try whole.send(Conversation.bytes)
    #expect(try typeNumbers(packets(whole.output())) == Conversation.answers)

    let byteByByte = try Door().connect()
    for byte in Conversation.bytes { try byteByByte.send([byte]) }
    #expect(try Set(typeNumbers(packets(byteByByte.output()))) == Set(Conversation.answers))

    for cut in 1..<Conversation.bytes.count {
      let torn = try Door().connect()
      try torn.send(Conversation.bytes.prefix(cut))
      try torn.send(Conversation.bytes.dropFirst(cut))
      #expect(try packets(torn.output()).count == 12, "cut at \(cut)")
    }
  }

  @Test func nothingIsKeptBetweenPackets() throws {
    let door = Door()
    let peer = try door.connect()
    try peer.send(Conversation.packets[0].encoded(version: .v5))
    #expect(try typeNumbers(packets(peer.output())) == [2])
    #expect(door.statistics.bytesReceived > 0)
    #expect(door.loop.shard.broker.memory.unreadBytes == 0)
  }

  @Test func whatIsNoPacketEndsTheConnectionWithItsReason() throws {
    let door = Door()
    let peer = try door.connect()
    try peer.send(Conversation.packets[0].encoded(version: .v5))
    _ = try peer.output()
    try peer.send([0x36, 0x00])
    #expect(try peer.output() == DisconnectPacket(reasonCode: .malformedPacket).bytes)
    // What still comes is thrown away.
    try peer.send(ControlPacket.pingreq.encoded(version: .v5))
    #expect(try peer.output().isEmpty)
    #expect(door.statistics.connections == 0)
  }

  @Test func aPacketOverTheLimitIsRefusedByItsHeader() throws {
    var listener = ListenerLimits(name: "test", limits: BrokerLimits())
    listener.maximumPacketSize = 100
    let peer = try Door(listener: listener).connect()
    try peer.send(Conversation.packets[0].encoded(version: .v5))
    _ = try peer.output()
    try peer.send([0x30, 0x80, 0x01])
    #expect(try peer.output() == DisconnectPacket(reasonCode: .packetTooLarge).bytes)
  }

  @Test(arguments: PacketType.allCases.filter { $0 != .connect }) func theFirstPacketMustBeConnect(type: PacketType)
    throws
  {
    let door = Door()
    let peer = try door.connect()
    let flags: UInt8 = [.pubrel, .subscribe, .unsubscribe].contains(type) ? 2 : 0
    try peer.send([type.rawValue << 4 | flags, 2, 0, 1])
    #expect(try peer.output().isEmpty)
    #expect(door.statistics.connections == 0)
    #expect(door.statistics.protocolErrors == 1)
  }

  @Test func anUnknownProtocolLevelIsAnswered() throws {
    let peer = try Door().connect()
    var connect = ConnectPacket(version: .v3_1_1, clientIdentifier: "c").bytes
    connect[8] = 9
    try peer.send(connect)
    // CONNACK with return code 1 [MQTT-3.1.2-2].
    #expect(try peer.output() == [0x20, 2, 0, 1])
  }
}

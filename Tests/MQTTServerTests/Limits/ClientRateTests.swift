import MQTTBroker
import MQTTProtocol
import Testing

@testable import MQTTServer

/// Who sends more than its listener allows is not read from; nothing is lost.
@Suite struct ClientRateTests {
  private func door(messages: Int? = nil, bytes: Int? = nil) -> Door {
    var limits = ListenerLimits(name: "test", limits: BrokerLimits())
    limits.messageRate = messages
    limits.byteRate = bytes
    return Door(listener: limits)
  }

  private func publish(_ identifier: UInt16, payload: Int = 1) -> [UInt8] {
    ControlPacket.publish(
      PublishPacket(
        topic: [0x61], payload: Array(repeating: 7, count: payload), qos: .atLeastOnce, packetIdentifier: identifier)
    ).encoded(version: .v5)
  }

  /// The identifiers that were acknowledged since last asked.
  private func acknowledged(_ peer: Peer) throws -> [UInt16] {
    try packets(peer.output()).compactMap { if case .puback(let puback) = $0 { puback.packetIdentifier } else { nil } }
  }

  private func connect(_ door: Door, keepAlive: UInt16 = 0) throws -> Peer {
    let peer = try door.connect()
    try peer.send(ConnectPacket(version: .v5, keepAlive: keepAlive, clientIdentifier: "c").bytes)
    _ = try peer.output()
    return peer
  }

  @Test func messagesWaitForTheirTurnInOrder() throws {
    let door = door(messages: 10)
    let peer = try connect(door)
    try peer.send((1...35).flatMap { publish($0) })
    #expect(try acknowledged(peer) == Array(1...10))
    #expect(peer.handler.isReadingWithheld)
    #expect(door.loop.shard.broker.memory.unreadBytes == 25 * publish(1).count)
    var all: [UInt16] = Array(1...10)
    for second in 1...2 {
      door.pass(milliseconds: 1_000)
      all += try acknowledged(peer)
      #expect((9...11).contains(all.count - second * 10))
    }
    door.pass(milliseconds: 600)
    all += try acknowledged(peer)
    #expect(all == Array(1...35))
    #expect(!peer.handler.isReadingWithheld)
    #expect(door.loop.shard.broker.memory.unreadBytes == 0)
  }

  /// The bytes of one read are cut anywhere, and more comes while the client is held.
  @Test func nothingIsLostWhereverTheBytesAreCut() throws {
    let bytes = (1...12).flatMap { publish($0) }
    for cut in 1..<bytes.count {
      let door = door(messages: 3)
      let peer = try connect(door)
      try peer.send(bytes.prefix(cut))
      try peer.send(bytes.dropFirst(cut))
      door.pass(milliseconds: 3_100)
      #expect(try acknowledged(peer) == Array(1...12), "cut at \(cut)")
    }
  }

  @Test func bytesAreLimitedToo() throws {
    let door = door(bytes: 1_000)
    let peer = try connect(door)
    // Over a second's worth by itself: taken, and paid for afterwards.
    try peer.send(publish(1, payload: 2_990) + publish(2))
    #expect(try acknowledged(peer) == [1])
    door.pass(milliseconds: 1_900)
    #expect(try acknowledged(peer).isEmpty)
    door.pass(milliseconds: 200)
    #expect(try acknowledged(peer) == [2])
  }

  @Test func otherPacketsAreNoMessages() throws {
    let door = door(messages: 2)
    let peer = try connect(door)
    try peer.send((0..<50).flatMap { _ in ControlPacket.pingreq.encoded(version: .v5) })
    #expect(try packets(peer.output()).count == 50)
    #expect(!peer.handler.isReadingWithheld)
  }

  @Test func withinTheRateNobodyIsHeld() throws {
    let door = door(messages: 20, bytes: 10_000)
    let peer = try connect(door)
    for identifier in 1...200 as ClosedRange<UInt16> {
      try peer.send(publish(identifier))
      #expect(try acknowledged(peer) == [identifier])
      door.pass(milliseconds: 50)
    }
  }

  @Test func withoutLimitsThereIsNoPrice() throws {
    #expect(ClientRates(ListenerLimits(name: "test", limits: BrokerLimits()), at: 0) == nil)
  }

  /// The connection ends while the client is held: its timer finds nobody.
  @Test func aHeldClientMayLeave() throws {
    let door = door(messages: 1)
    let peer = try connect(door)
    try peer.send((1...5).flatMap { publish($0) })
    try peer.leave()
    door.pass(milliseconds: 2_000)
    #expect(door.statistics.connections == 0)
    #expect(door.loop.shard.broker.memory.unreadBytes == 0)
  }

  /// What a client said before it left is heard, though later: its DISCONNECT too, so that no will comes.
  @Test func aHeldClientMayLeaveProperly() throws {
    let door = door(messages: 1)
    let reader = try door.connect()
    try reader.send(ConnectPacket(version: .v5, clientIdentifier: "reader").bytes)
    try reader.send(
      ControlPacket.subscribe(
        SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "#", qos: .atMostOnce)])
      ).encoded(version: .v5))
    _ = try reader.output()
    let peer = try door.connect()
    let will = Will(topic: "will", payload: [1], qos: .atMostOnce, retain: false, properties: [])
    try peer.send(ConnectPacket(version: .v5, clientIdentifier: "c", will: will).bytes)
    try peer.send(
      (1...3).flatMap { publish($0) } + ControlPacket.disconnect(DisconnectPacket()).encoded(version: .v5))
    try peer.leave()
    let topics = try packets(reader.output()).map { packet -> String in
      guard case .publish(let publish) = packet else { return "" }
      return String(decoding: publish.topic, as: UTF8.self)
    }
    #expect(topics.count == 3)
    #expect(!topics.contains("will"))
    #expect(door.statistics.connections == 1)
    #expect(door.loop.shard.broker.memory.unreadBytes == 0)
  }

  /// What WebSocket carries is held just so.
  @Test func webSocketClientsAreHeldToo() throws {
    let door = door(messages: 5)
    let peer = try door.connectWebSocket()
    try peer.send(WebSocketPeer.request())
    _ = try peer.output()
    let connect = ConnectPacket(version: .v5, clientIdentifier: "c").bytes
    try peer.send(WebSocketPeer.Frame.binary(connect + (1...8).flatMap { publish($0) }).bytes)
    var stream = try WebSocketPeer.stream(#require(WebSocketPeer.frames(peer.output())))
    #expect(try packets(stream).count == 6)
    door.pass(milliseconds: 700)
    stream = try WebSocketPeer.stream(#require(WebSocketPeer.frames(peer.output())))
    #expect(try packets(stream).count == 3)
  }
}

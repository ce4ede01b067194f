import MQTTBroker
import MQTTProtocol
import NIOCore
import Testing

@testable import MQTTServer

/// MQTT in WebSocket frames, from the first byte of the frames on.
@Suite struct WebSocketHandlerTests {
  typealias Frame = WebSocketPeer.Frame

  private func opened(_ door: Door = Door()) throws -> Peer {
    let peer = try door.connectWebSocket()
    try peer.send(WebSocketPeer.request())
    _ = try peer.output()
    return peer
  }

  /// With CONNECT accepted.
  private func connected(_ door: Door = Door(), version: ProtocolVersion = .v5, will: Will? = nil) throws -> Peer {
    let peer = try opened(door)
    try peer.send(Frame.binary(ConnectPacket(version: version, clientIdentifier: "c", will: will).bytes).bytes)
    _ = try peer.output()
    return peer
  }

  private func frames(_ peer: Peer) throws -> [Frame] { try #require(try WebSocketPeer.frames(peer.output())) }

  // MARK: The stream of packets

  /// [MQTT-6.0.0-2]
  @Test func packetsAreSplitAndJoinedAtEveryOffset() throws {
    let bytes = Conversation.bytes
    for cut in 0...bytes.count {
      let ways: [[Frame]] = [
        [.binary(bytes[..<cut]), .binary(bytes[cut...])],
        [.binary(bytes[..<cut], isFinal: false), .ping("between"), .continuation(bytes[cut...])],
      ]
      for (way, frames) in ways.enumerated() {
        let peer = try opened()
        try peer.send(frames.flatMap(\.bytes))
        let answers = try self.frames(peer)
        #expect(
          try typeNumbers(packets(WebSocketPeer.stream(answers))) == Conversation.answers, "way \(way), cut at \(cut)")
        #expect(answers.filter { $0 == .pong("between") }.count == way)
      }
    }
  }

  /// The socket tears frames anywhere, headers and masking keys too.
  @Test func framesAreTornAtEveryOffset() throws {
    let bytes = Conversation.packets.flatMap { Frame.binary($0.encoded(version: .v5)).bytes }
    for cut in 1..<bytes.count {
      let peer = try opened()
      try peer.send(bytes.prefix(cut))
      try peer.send(bytes.dropFirst(cut))
      #expect(try packets(WebSocketPeer.stream(frames(peer))).count == Conversation.answers.count, "cut at \(cut)")
    }
    let byteByByte = try opened()
    for byte in bytes { try byteByByte.send([byte]) }
    #expect(try typeNumbers(packets(WebSocketPeer.stream(frames(byteByByte)))).count == Conversation.answers.count)
  }

  @Test func everyFormOfLengthIsWritten() throws {
    let peer = try connected()
    try peer.send(
      Frame.binary(
        ControlPacket.subscribe(
          SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "#", qos: .atMostOnce)])
        ).encoded(version: .v5)
      ).bytes)
    _ = try peer.output()
    for count in [0, 100, 120, 60_000, 200_000] {
      let publish = PublishPacket(topic: [0x61], payload: Array(repeating: 5, count: count))
      try peer.send(Frame.binary(ControlPacket.publish(publish).encoded(version: .v5)).bytes)
      let answer = try packets(WebSocketPeer.stream(frames(peer)))
      guard case .publish(let came) = answer.first else {
        Issue.record("\(answer.count) packets instead of PUBLISH")
        continue
      }
      #expect(came.payload == publish.payload)
    }
  }

  // MARK: Control frames

  @Test func pingIsAnswered() throws {
    let peer = try connected()
    try peer.send(Frame.ping("payload").bytes)
    #expect(try frames(peer) == [.pong("payload")])
    try peer.send(Frame.pong("nobody asked").bytes)
    #expect(try frames(peer).isEmpty)
    // Of several at once the last one is answered. (RFC 6455 §5.5.3)
    try peer.send((0..<1_000).flatMap { Frame.ping("\($0)").bytes })
    #expect(try frames(peer) == [.pong("999")])
  }

  @Test(arguments: [1000, 1001, 3000, 4999] as [UInt16]) func closeIsAnsweredWithItsCode(code: UInt16) throws {
    let door = Door()
    let peer = try connected(door)
    try peer.send(Frame.close(code, "bye").bytes)
    #expect(try frames(peer) == [.close(code)])
    #expect(!peer.isOpen)
    #expect(door.statistics.connections == 0)
  }

  @Test func closeWithoutACodeIsAnswered() throws {
    let peer = try connected()
    try peer.send(Frame(opcode: 8, payload: []).bytes)
    #expect(try frames(peer) == [.close(1000)])
    #expect(!peer.isOpen)
  }

  /// Close is no DISCONNECT: the will is published.
  @Test func closeWithoutDisconnectPublishesTheWill() throws {
    for disconnects in [false, true] {
      let door = Door()
      let watcher = try door.connect()
      try watcher.send(
        ConnectPacket(version: .v5, clientIdentifier: "w").bytes
          + ControlPacket.subscribe(
            SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "will", qos: .atMostOnce)])
          ).encoded(version: .v5))
      _ = try watcher.output()
      let peer = try connected(door, will: Will(topic: "will", payload: [1], qos: .atMostOnce, retain: false))
      let last = disconnects ? Frame.binary(DisconnectPacket(reasonCode: .success).bytes).bytes : []
      try peer.send(last + Frame.close(1000).bytes)
      #expect(try frames(peer) == [.close(1000)])
      #expect(try packets(watcher.output()).count == (disconnects ? 0 : 1))
    }
  }

  @Test func disconnectIsFollowedByClose() throws {
    let peer = try connected()
    try peer.send(Frame.binary(DisconnectPacket(reasonCode: .success).bytes).bytes)
    #expect(try frames(peer) == [.close(1000)])
    // The closing handshake is complete with the client's own Close.
    #expect(peer.isOpen)
    try peer.send(Frame.close(1000).bytes)
    #expect(try peer.output().isEmpty)
    #expect(!peer.isOpen)
  }

  @Test func whoDoesNotAnswerCloseIsClosed() throws {
    let door = Door()
    let peer = try connected(door)
    try peer.send(Frame.binary(DisconnectPacket(reasonCode: .success).bytes).bytes)
    // What it still sends is thrown away.
    try peer.send(Frame.binary(ControlPacket.pingreq.encoded(version: .v5)).bytes)
    try peer.send(Frame.ping("there?").bytes)
    #expect(try frames(peer) == [.close(1000)])
    door.pass(milliseconds: 499)
    #expect(peer.isOpen)
    door.pass(milliseconds: 2)
    #expect(!peer.isOpen)
  }

  // MARK: Violations

  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let code: UInt16
  }

  static let faults = [
    // [MQTT-6.0.0-1]
    Fault(testDescription: "text", bytes: Frame(opcode: 1, payload: Array("{}".utf8)).bytes, code: 1003),
    Fault(testDescription: "no mask", bytes: [0x82, 0x02, 0xC0, 0x00], code: 1002),
    Fault(testDescription: "reserved bit", bytes: [0xC2, 0x80, 0, 0, 0, 0], code: 1002),
    Fault(testDescription: "control frame in fragments", bytes: [0x09, 0x80, 0, 0, 0, 0], code: 1002),
    Fault(testDescription: "half a close code", bytes: Frame(opcode: 8, payload: [3]).bytes, code: 1002),
    Fault(testDescription: "no UTF-8", bytes: Frame(opcode: 8, payload: [3, 232, 255]).bytes, code: 1007),
  ]

  /// MQTT 5 says its own reason first; both are closed with a code.
  @Test(arguments: faults, [ProtocolVersion.v5, .v3_1_1])
  func aViolationEndsBoth(fault: Fault, version: ProtocolVersion) throws {
    let door = Door()
    let peer = try connected(door, version: version)
    // What came before it counts, what comes after it does not.
    let ping = Frame.binary(ControlPacket.pingreq.encoded(version: version)).bytes
    try peer.send(ping + fault.bytes + ping)
    var expected: [[UInt8]] = [ControlPacket.pingresp.encoded(version: version)]
    if version == .v5 { expected.append(DisconnectPacket(reasonCode: .protocolError).bytes) }
    let answer = try frames(peer)
    #expect(WebSocketPeer.stream(answer) == expected.flatMap { $0 })
    #expect(WebSocketPeer.closeCode(answer) == fault.code)
    #expect(answer.count { $0.opcode == 8 } == 1)
    #expect(door.statistics.connections == 0)
    #expect(door.statistics.protocolErrors == 1)
    door.pass(milliseconds: 501)
    #expect(!peer.isOpen)
  }

  @Test func aViolationBeforeConnectEndsTheConnection() throws {
    let door = Door()
    let peer = try opened(door)
    try peer.send(Frame(opcode: 1, payload: []).bytes)
    #expect(try frames(peer) == [.close(1003)])
    door.pass(milliseconds: 501)
    #expect(!peer.isOpen)
  }

  @Test func aPacketOverTheLimitClosesWithTooBig() throws {
    var listener = ListenerLimits(name: "test", limits: BrokerLimits())
    listener.maximumPacketSize = 1_000
    let peer = try connected(Door(listener: listener))
    // By its header alone: nothing of the frame waits for the rest.
    let publish = ControlPacket.publish(PublishPacket(topic: [0x61], payload: Array(repeating: 1, count: 1_000)))
    try peer.send(Frame.binary(publish.encoded(version: .v5)).bytes.prefix(20))
    let answer = try frames(peer)
    #expect(WebSocketPeer.stream(answer) == DisconnectPacket(reasonCode: .packetTooLarge).bytes)
    #expect(WebSocketPeer.closeCode(answer) == 1009)
  }

  /// Many packets in a frame are no larger than each of them.
  @Test func aFrameMayBeLargerThanAPacket() throws {
    var listener = ListenerLimits(name: "test", limits: BrokerLimits())
    listener.maximumPacketSize = 1_000
    let peer = try connected(Door(listener: listener))
    let publish = ControlPacket.publish(PublishPacket(topic: [0x61], payload: Array(repeating: 1, count: 900)))
    let packets = (0..<10).flatMap { _ in publish.encoded(version: .v5) }
    try peer.send(Frame.binary(packets + ControlPacket.pingreq.encoded(version: .v5)).bytes)
    #expect(try WebSocketPeer.stream(frames(peer)) == ControlPacket.pingresp.encoded(version: .v5))
  }

  /// A stop is told in both protocols.
  @Test func aStopSaysGoingAway() throws {
    let door = Door()
    let peer = try connected(door)
    door.loop.shutDown()
    let answer = try frames(peer)
    #expect(WebSocketPeer.stream(answer) == DisconnectPacket(reasonCode: .serverShuttingDown).bytes)
    #expect(WebSocketPeer.closeCode(answer) == 1001)
    try peer.send(Frame.close(1001).bytes)
    #expect(!peer.isOpen)
  }

  /// Half packets of WebSocket clients count among those of all, whatever the frames.
  @Test func whatIsKeptOfAFrameCounts() throws {
    let door = Door()
    let peer = try connected(door)
    let publish = ControlPacket.publish(PublishPacket(topic: [0x61], payload: Array(repeating: 1, count: 5_000)))
    let bytes = Frame.binary(publish.encoded(version: .v5)).bytes
    try peer.send(bytes.prefix(3_000))
    #expect((2_900...3_000).contains(door.loop.shard.broker.memory.unreadBytes))
    try peer.send(bytes.dropFirst(3_000))
    #expect(door.loop.shard.broker.memory.unreadBytes == 0)
  }
}

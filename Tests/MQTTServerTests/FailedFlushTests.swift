import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import MQTTServer

/// A write that fails brings the rest of the input and the end of the connection at once, from within the flush. The
/// broker is then in the middle of a decision: it hears of them behind it, in their order, each once.
@Suite struct FailedFlushTests {
  private let sink: RecordingSink
  private let door: Door

  init() {
    sink = RecordingSink()
    door = Door(sink: sink)
  }

  /// Readings of a device; what a socket must flush in the middle of a delivery where `isLarge`.
  private static func reading(_ name: String, isLarge: Bool = false) -> [UInt8] {
    let payload = Array(name.utf8) + Array(repeating: 0x20, count: isLarge ? 200_000 : 10)
    return ControlPacket.publish(PublishPacket(topic: Array("v1/devices/d/telemetry".utf8), payload: payload))
      .encoded(version: .v5)
  }

  private static func subscribe(_ filter: String) -> [UInt8] {
    ControlPacket.subscribe(
      SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: filter, qos: .atMostOnce)])
    ).encoded(version: .v5)
  }

  private func connected(_ name: String, subscribingTo filter: String? = nil, will: Will? = nil) throws -> Peer {
    let peer = try door.connect()
    try peer.send(
      ConnectPacket(version: .v5, clientIdentifier: name, will: will).bytes + (filter.map(Self.subscribe) ?? []))
    _ = try peer.output()
    return peer
  }

  /// The next flush to the peer fails.
  private func lose(_ peer: Peer, lastReads: [[UInt8]]) throws -> FailingSocket {
    let socket = FailingSocket()
    socket.lastReads = lastReads
    try peer.channel.pipeline.syncOperations.addHandler(socket, position: .first)
    return socket
  }

  private func published(to peer: Peer) throws -> [String] {
    try packets(peer.output()).compactMap {
      guard case .publish(let publish) = $0 else { return nil }
      return String(decoding: publish.payload.prefix(2), as: UTF8.self)
    }
  }

  /// What is left of a lost connection.
  private func expectNothingIsLeft(connections: Int) {
    let memory = door.loop.shard.broker.memory
    #expect(memory.unreadBytes == 0)
    #expect(memory.unsentBytes == 0)
    #expect(door.statistics.connections == connections)
    #expect(door.loop.load.connections == connections)
  }

  /// The reads as they come when a flush fails: whole packets, torn ones, with a rest that never comes.
  static let lastReads: [[[UInt8]]] = {
    let bytes = reading("s1") + reading("s2")
    let half = reading("s3").prefix(7)
    return [[bytes], [bytes + half], bytes.map { [$0] }]
      + (1..<bytes.count).map { cut in
        [Array(bytes[..<cut]), Array(bytes[cut...]), Array(half)]
      }
  }()

  @Test(arguments: lastReads) func anotherClientsReadIsHandledWholeFirst(lastReads: [[UInt8]]) throws {
    let watcher = try connected("w", subscribingTo: "#")
    let will = Will(topic: "will", payload: Array("sw".utf8), qos: .atMostOnce, retain: false)
    let subscriber = try connected("s", subscribingTo: "#", will: will)
    let socket = try lose(subscriber, lastReads: lastReads)
    let publisher = try connected("p")
    try publisher.send(Self.reading("p1", isLarge: true) + Self.reading("p2"))
    #expect(sink.events == ["p1", "p2", "|", "s1", "s2", "|", "-s"])
    #expect(try published(to: watcher) == ["p1", "p2", "s1", "s2", "sw"])
    // Nothing is written to a socket that is lost.
    #expect(socket.failedFlushes == 1)
    expectNothingIsLeft(connections: 2)
  }

  /// The client's own read is in process: what came with the failure follows it, also where a packet was torn between.
  @Test(arguments: 0...reading("s0").count) func itsOwnReadIsHandledWholeFirst(cut: Int) throws {
    let subscriber = try connected("s", subscribingTo: "#")
    let last = Self.reading("s0")
    _ = try lose(subscriber, lastReads: [Array(last[cut...] + Self.reading("s3"))])
    try subscriber.send(Self.reading("s1", isLarge: true) + Self.reading("s2") + last[..<cut])
    let first = cut == last.count ? ["s1", "s2", "s0", "|", "s3", "|"] : ["s1", "s2", "|", "s0", "s3", "|"]
    #expect(sink.events == first + ["-s"])
    expectNothingIsLeft(connections: 0)
  }

  /// What the hub decides meanwhile holds: a client that it ends is not heard again.
  @Test func whoIsTakenOverMeanwhileIsNotHeard() throws {
    let subscriber = try connected("s", subscribingTo: "#")
    _ = try lose(subscriber, lastReads: [Self.reading("s1")])
    let publisher = try connected("p")
    // CONNECT comes in the same turn of the loop as the failure.
    try publisher.channel.writeInbound(ByteBuffer(bytes: Self.reading("p1", isLarge: true)))
    let heir = try door.connect()
    try heir.channel.writeInbound(ByteBuffer(bytes: ConnectPacket(version: .v5, clientIdentifier: "s").bytes))
    door.eventLoop.run()
    #expect(sink.events == ["p1", "|", "-s"])
    #expect(heir.isOpen)
    expectNothingIsLeft(connections: 2)
  }

  /// The last words fail: the end is told once, and nothing that came with it is heard.
  @Test func aFailureWhileClosingIsTheEnd() throws {
    let peer = try connected("c")
    _ = try lose(peer, lastReads: [Self.reading("c1")])
    // A reserved flag: DISCONNECT 0x81 is said, or would be.
    try peer.send(Self.reading("c0") + [0x36, 0x00])
    #expect(sink.events == ["c0", "-c"])
    #expect(!peer.isOpen)
    expectNothingIsLeft(connections: 0)
  }

  /// A stop waits for what was put off, and only for that.
  @Test func aStopWaitsForTheEnd() throws {
    let peers = try (0..<3).map {
      try connected("c\($0)", will: Will(topic: "w", payload: [], qos: .atMostOnce, retain: false))
    }
    for peer in peers { _ = try lose(peer, lastReads: [Self.reading("c1")]) }
    door.loop.shutDown()
    var isClosed = false
    door.loop.waitUntilClosed(deadline: door.eventLoop.now + .seconds(100)).assumeIsolated().whenComplete { _ in
      isClosed = true
    }
    door.eventLoop.run()
    #expect(isClosed)
    #expect(sink.events == ["-c0", "-c1", "-c2"])
    expectNothingIsLeft(connections: 0)
  }

  struct WebSocketEnd: Sendable {
    let frame: WebSocketPeer.Frame
    let protocolErrors: UInt64
  }

  /// Close, or what is no WebSocket, comes with the failure: the same order.
  @Test(arguments: [
    WebSocketEnd(frame: .close(1000), protocolErrors: 0),
    WebSocketEnd(frame: WebSocketPeer.Frame(opcode: 1, payload: []), protocolErrors: 1),
  ]) func webSocketEndsBehindTheDecisionToo(end: WebSocketEnd) throws {
    let subscriber = try door.connectWebSocket()
    try subscriber.send(WebSocketPeer.request())
    let connect = ConnectPacket(version: .v5, clientIdentifier: "s").bytes
    try subscriber.send(WebSocketPeer.Frame.binary(connect + Self.subscribe("#")).bytes)
    _ = try lose(
      subscriber, lastReads: [WebSocketPeer.Frame.binary(Self.reading("s1")).bytes + end.frame.bytes])
    let publisher = try connected("p")
    try publisher.send(Self.reading("p1", isLarge: true) + Self.reading("p2"))
    #expect(sink.events == ["p1", "p2", "|", "s1", "|", "-s"])
    #expect(door.statistics.protocolErrors == end.protocolErrors)
    expectNothingIsLeft(connections: 1)
  }
}

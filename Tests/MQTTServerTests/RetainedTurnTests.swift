import MQTTBroker
import MQTTProtocol
import Testing

@testable import MQTTServer

/// Many retained messages go out in turns, between which the event loop looks at its sockets.
@Suite struct RetainedTurnTests {
  private func connect(_ door: Door, _ name: String) throws -> Peer {
    let peer = try door.connect()
    try peer.send(ConnectPacket(version: .v5, clientIdentifier: name).bytes)
    _ = try peer.output()
    return peer
  }

  private func publishes(_ peer: Peer) throws -> Int {
    try packets(peer.output()).count { if case .publish = $0 { true } else { false } }
  }

  @Test func aTurnComesAfterTheSocketsOfTheLoop() throws {
    var limits = BrokerLimits()
    limits.retainedStepsPerEvent = 10
    let door = Door(limits: limits)
    let (writer, reader) = (try connect(door, "writer"), try connect(door, "reader"))
    for number in 0..<100 {
      let publish = PublishPacket(topic: Array("r\(number)".utf8), payload: [1], retain: true)
      try writer.send(ControlPacket.publish(publish).encoded(version: .v5))
    }
    let subscription = Subscription(filter: "#", qos: .atMostOnce)
    try reader.send(
      ControlPacket.subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: [subscription])).encoded(version: .v5)
    )
    var count = try publishes(reader)
    #expect((1...10).contains(count))
    // What is due at once does not bring the next turn.
    for _ in 0..<10 {
      try writer.send(ControlPacket.pingreq.encoded(version: .v5))
    }
    #expect(try packets(writer.output()).count == 10)
    #expect(try publishes(reader) == 0)
    door.pass(milliseconds: 5)
    count += try publishes(reader)
    #expect(count == 100)
    // And then nothing is planned any more.
    #expect(!door.loop.isTurnPlanned)
  }
}

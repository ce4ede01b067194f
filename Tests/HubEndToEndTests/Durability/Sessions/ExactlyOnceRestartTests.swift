import MQTTProtocol
import Testing

/// The exchange of a QoS 2 message goes on where kill -9 broke it off.
@Suite struct ExactlyOnceRestartTests {
  private static func publish(_ peer: MQTTPeer, _ text: String, duplicate: Bool = false) throws {
    peer.send(
      .publish(
        PublishPacket(
          topic: Array("once".utf8), payload: Array(text.utf8), qos: .exactlyOnce, duplicate: duplicate,
          packetIdentifier: 5)))
    let pubrec = try peer.expect("PUBREC") { if case .pubrec(let pubrec) = $0 { pubrec } else { nil } }
    #expect(pubrec == AcknowledgementPacket(packetIdentifier: 5))
  }

  private static func release(_ peer: MQTTPeer) throws {
    peer.send(.pubrel(AcknowledgementPacket(packetIdentifier: 5)))
    let pubcomp = try peer.expect("PUBCOMP") { if case .pubcomp(let pubcomp) = $0 { pubcomp } else { nil } }
    #expect(pubcomp.packetIdentifier == 5)
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func aPublishersMessageIsNotDoubled(version: ProtocolVersion) throws {
    let lives = try HubLives()
    func publisher(_ hub: HubProcess, isBack: Bool = true) throws -> MQTTPeer {
      let (peer, wasPresent) = try MQTTPeer.resumed(hub.mqttPort, version: version, "publisher")
      #expect(wasPresent == isBack)
      return peer
    }
    try lives.untilKilled { hub in
      let (watcher, _) = try MQTTPeer.resumed(hub.mqttPort, version: version, "watcher")
      #expect(try watcher.subscribe("once", qos: .exactlyOnce) == .grantedQoS2)
      watcher.send(.disconnect(DisconnectPacket()))
      #expect(try watcher.closingReason() == nil)
      try Self.publish(publisher(hub, isBack: false), "first")
    }
    // PUBREC may have been lost with the connection: the client sends it again.
    try lives.untilKilled { hub in try Self.publish(publisher(hub), "first", duplicate: true) }
    try lives.untilKilled { hub in try Self.release(publisher(hub)) }
    // So may PUBCOMP.
    try lives.untilKilled { hub in
      let peer = try publisher(hub)
      try Self.release(peer)
      // The identifier is free again, and this one is a message of its own.
      try Self.publish(peer, "second")
      try Self.release(peer)
    }
    try lives.untilStopped { hub in
      let (watcher, wasPresent) = try MQTTPeer.resumed(hub.mqttPort, version: version, "watcher")
      #expect(wasPresent)
      let messages = try (0..<2).map { _ in try watcher.message() }
      #expect(messages.map(\.text) == ["first", "second"])
      #expect(messages.allSatisfy { $0.qos == .exactlyOnce && !$0.duplicate })
      try watcher.ping()
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func aSubscriberGetsItOnce(version: ProtocolVersion) throws {
    let lives = try HubLives()
    func subscriber(_ hub: HubProcess) throws -> MQTTPeer {
      let (peer, wasPresent) = try MQTTPeer.resumed(hub.mqttPort, version: version, "subscriber")
      #expect(wasPresent)
      return peer
    }
    var identifier: UInt16 = 0
    try lives.untilKilled { hub in
      let (peer, _) = try MQTTPeer.resumed(hub.mqttPort, version: version, "subscriber")
      #expect(try peer.subscribe("once", qos: .exactlyOnce) == .grantedQoS2)
      let other = try MQTTPeer.connected(hub.mqttPort, "other")
      try Self.publish(other, "hello")
      try Self.release(other)
      let message = try peer.message()
      #expect(message.text == "hello" && !message.duplicate)
      identifier = message.packetIdentifier
    }
    // Not acknowledged: the same again, under the same identifier.
    try lives.untilKilled { hub in
      let peer = try subscriber(hub)
      let message = try peer.message()
      #expect(message.text == "hello" && message.duplicate && message.packetIdentifier == identifier)
      peer.send(.pubrec(AcknowledgementPacket(packetIdentifier: identifier)))
      let pubrel = try peer.expect("PUBREL") { if case .pubrel(let pubrel) = $0 { pubrel } else { nil } }
      #expect(pubrel.packetIdentifier == identifier)
    }
    // Received: PUBREL comes again, the message does not.
    try lives.untilKilled { hub in
      let peer = try subscriber(hub)
      let pubrel = try peer.expect("PUBREL") { if case .pubrel(let pubrel) = $0 { pubrel } else { nil } }
      #expect(pubrel.packetIdentifier == identifier)
      peer.send(.pubcomp(AcknowledgementPacket(packetIdentifier: identifier)))
      try peer.ping()
      // Complete once this is committed, which came behind it.
      #expect(try peer.publish("v1/devices/me/telemetry", #"{"n":1}"#) == .success)
    }
    try lives.untilStopped { hub in try subscriber(hub).ping() }
  }
}

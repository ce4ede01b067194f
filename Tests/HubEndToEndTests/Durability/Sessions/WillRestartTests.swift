import MQTTProtocol
import Testing

/// Wills of clients that the hub had when it was killed.
@Suite struct WillRestartTests {
  private static func will(delay: UInt32?) -> Will {
    Will(
      topic: "last/words", payload: Array("gone".utf8), qos: .atLeastOnce, retain: false,
      properties: delay.map { [.willDelayInterval($0)] } ?? [])
  }

  /// A session that takes in what is published while nobody looks.
  private static func watch(_ hub: HubProcess) throws {
    let (peer, _) = try MQTTPeer.resumed(hub.mqttPort, "watcher")
    #expect(try peer.subscribe("last/words") == .grantedQoS1)
    peer.send(.disconnect(DisconnectPacket()))
    #expect(try peer.closingReason() == nil)
  }

  /// Everything that was recorded before is durable once this returns.
  private static func commit(_ hub: HubProcess) throws {
    let peer = try MQTTPeer.connected(hub.mqttPort, "committing")
    #expect(try peer.publish("v1/devices/committing/telemetry", #"{"n":1}"#) == .success)
    peer.send(.disconnect(DisconnectPacket()))
    #expect(try peer.closingReason() == nil)
  }

  /// With a delay and without, of a session that outlives its connection and of one that does not.
  @Test(
    arguments: [
      (ProtocolVersion.v3_1_1, nil, true), (.v3_1_1, nil, false), (.v5, nil, true), (.v5, nil, false), (.v5, 1, true),
    ] as [(ProtocolVersion, UInt32?, Bool)])
  func isPublishedAfterTheRestart(version: ProtocolVersion, delay: UInt32?, isLasting: Bool) throws {
    let lives = try HubLives()
    try lives.untilKilled { hub in
      try Self.watch(hub)
      let will = Self.will(delay: delay)
      let client =
        isLasting
        ? try MQTTPeer.resumed(hub.mqttPort, version: version, "client", will: will).peer
        : try MQTTPeer.connected(hub.mqttPort, version: version, "client", will: will)
      try Self.commit(hub)
      try client.ping()
    }
    try lives.untilKilled { hub in
      let (watcher, wasPresent) = try MQTTPeer.resumed(hub.mqttPort, "watcher")
      #expect(wasPresent)
      let message = try watcher.message()
      #expect(message.topicText == "last/words" && message.text == "gone")
      try Self.commit(hub)
      try watcher.ping()
    }
    // Once: its publication is durable with it.
    try lives.untilStopped { hub in
      let (watcher, _) = try MQTTPeer.resumed(hub.mqttPort, "watcher")
      try watcher.ping()
      try Self.commit(hub)
      try watcher.ping()
    }
  }

  /// A client that had gone before: its time runs on while there is no hub.
  @Test func aWillThatWaitedIsPublishedAfterTheRestart() throws {
    let lives = try HubLives()
    try lives.untilKilled { hub in
      try Self.watch(hub)
      do {
        let (client, _) = try MQTTPeer.resumed(hub.mqttPort, "client", will: Self.will(delay: 2))
        try client.ping()
      }
      try eventually("the client is gone") { try hub.metric("telemetry_hub_connections") == 0 }
      try Self.commit(hub)
    }
    try lives.untilStopped { hub in
      let (watcher, _) = try MQTTPeer.resumed(hub.mqttPort, "watcher")
      #expect(try watcher.message().text == "gone")
    }
  }

  /// A client that is back before its will is due, and one that left with a word, leave none behind.
  @Test(arguments: [false, true]) func isNotPublishedForWhoIsBackOrSaidGoodbye(isPolite: Bool) throws {
    let lives = try HubLives()
    try lives.untilKilled { hub in
      try Self.watch(hub)
      let (client, _) = try MQTTPeer.resumed(hub.mqttPort, "client", will: Self.will(delay: isPolite ? 0 : 3_600))
      if isPolite {
        client.send(.disconnect(DisconnectPacket()))
        #expect(try client.closingReason() == nil)
      }
      try Self.commit(hub)
    }
    try lives.untilKilled { hub in
      let (client, wasPresent) = try MQTTPeer.resumed(hub.mqttPort, "client")
      #expect(wasPresent)
      try Self.commit(hub)
      try client.ping()
    }
    try lives.untilStopped { hub in
      let (watcher, _) = try MQTTPeer.resumed(hub.mqttPort, "watcher")
      try watcher.ping()
    }
  }
}

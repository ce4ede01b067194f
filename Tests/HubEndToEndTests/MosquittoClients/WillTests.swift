import Glibc
import MQTTProtocol
import Testing

/// Wills: published when a client goes without a word, and only then.
@Suite struct WillTests {
  @Test(arguments: ["311", "5"])
  func isPublishedWhenTheClientIsKilled(version: String) throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("last/words", qos: .exactlyOnce)
      let client = try hub.mosquittoSubscribe(
        "-V", version, "-t", "x", "--will-topic", "last/words", "--will-payload", "gone", "--will-qos", "1",
        "--will-retain")
      try hub.waitForSubscriptions(2)
      client.kill()
      #expect(try client.waitForEnd(within: .seconds(5)) == .signal(SIGKILL))
      let will = try watcher.message()
      #expect(will.topicText == "last/words" && will.text == "gone" && will.qos == .atLeastOnce)
      let late = try hub.mosquittoSubscribe("-t", "last/words", "-C", "1", "-F", "%r %p")
      #expect(try late.outcome().lines == ["1 gone"])
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func isNotPublishedAfterDisconnect(version: ProtocolVersion) throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("last/words")
      let will = Will(topic: "last/words", payload: Array("gone".utf8), qos: .atLeastOnce, retain: false)
      let polite = try MQTTPeer.connected(hub.mqttPort, version: version, "polite", will: will)
      polite.send(.disconnect(DisconnectPacket()))
      #expect(try polite.closingReason() == nil)
      try watcher.ping()
    }
  }

  @Test func isPublishedWhereDisconnectAsksForIt() throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("last/words")
      let will = Will(topic: "last/words", payload: Array("gone".utf8), qos: .atLeastOnce, retain: false)
      let client = try MQTTPeer.connected(hub.mqttPort, "client", will: will)
      client.send(.disconnect(DisconnectPacket(reasonCode: .disconnectWithWill)))
      #expect(try watcher.message().text == "gone")
    }
  }

  @Test func isPublishedAfterAProtocolError() throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("last/words")
      let will = Will(topic: "last/words", payload: Array("gone".utf8), qos: .atLeastOnce, retain: false)
      let client = try MQTTPeer.connected(hub.mqttPort, "client", will: will)
      client.socket.send([0x00, 0x00])
      #expect(try client.closingReason() == .malformedPacket)
      #expect(try watcher.message().text == "gone")
    }
  }
}

import MQTTBroker
import MQTTProtocol
import Testing

/// §3.1.2.4, §3.1.2.11.2, §4.1: what a session is, and how long.
@Suite("MQTT 5.0 §4.1 session state")
struct SessionTests {
  static let lasting: Properties = [.sessionExpiryInterval(600)]

  @Test(
    """
    5.0 [MQTT-3.1.2-5] [MQTT-3.1.2-23] [MQTT-3.2.2-3] [MQTT-3.1.4-4] [MQTT-4.5.0-1] a session goes on where it \
    stopped: subscriptions, and what came meanwhile
    """)
  func sessionIsResumed() async throws {
    let hub = try await LiveHub.shared()
    let (name, topic) = (Unique.name(), Unique.name())
    let client = try hub.connect(name, properties: Self.lasting)
    #expect(client.connack?.sessionPresent == false)
    try client.subscribe(topic, qos: .atLeastOnce)
    try client.disconnect()
    let publisher = try hub.connect()
    for number in 1...3 { try publisher.publish(topic, "\(number)", qos: .atLeastOnce) }

    let again = try hub.connect(name, clean: false, properties: Self.lasting)
    #expect(again.connack?.sessionPresent == true)
    #expect(again.connack?.reasonCode == .success)
    for number in 1...3 {
      let message = try again.requirePublish()
      #expect(message.text == "\(number)")
      #expect(!message.duplicate)
      try again.acknowledge(message)
    }
    try publisher.publish(topic, "4")
    #expect(try again.requirePublish().text == "4")
  }

  @Test("5.0 [MQTT-3.1.2-5] [MQTT-3.1.2-23] a session outlives a connection that is lost without a word")
  func sessionOutlivesLostConnection() async throws {
    let hub = try await LiveHub.shared()
    let (name, topic) = (Unique.name(), Unique.name())
    let client = try hub.connect(name, properties: Self.lasting)
    try client.subscribe(topic)
    client.closeSocket()
    let again = try hub.connect(name, clean: false, properties: Self.lasting)
    #expect(again.connack?.sessionPresent == true)
    try again.send(.publish(.make(topic, "still subscribed")))
    #expect(try again.requirePublish().text == "still subscribed")
  }

  @Test("5.0 [MQTT-3.1.4-3] [MQTT-3.1.2-5] a take-over with Clean Start 0 takes the session along")
  func takeOverResumes() async throws {
    let hub = try await LiveHub.shared()
    let (name, topic) = (Unique.name(), Unique.name())
    let first = try hub.connect(name, properties: Self.lasting)
    try first.subscribe(topic, qos: .atLeastOnce)
    try hub.connect().publish(topic, "unacknowledged", qos: .atLeastOnce)
    let message = try first.requirePublish()
    let second = try hub.connect(name, clean: false, properties: Self.lasting)
    #expect(second.connack?.sessionPresent == true)
    try first.expectDisconnect(.sessionTakenOver)
    let redelivered = try second.requirePublish()
    #expect(redelivered.text == "unacknowledged")
    #expect(redelivered.duplicate)
    #expect(redelivered.packetIdentifier == message.packetIdentifier)
  }

  @Test("5.0 [MQTT-3.1.2-4] [MQTT-3.2.2-2] [MQTT-3.1.4-4] Clean Start 1 discards the session and begins another")
  func cleanStartDiscards() async throws {
    let hub = try await LiveHub.shared()
    let (name, topic) = (Unique.name(), Unique.name())
    let client = try hub.connect(name, properties: Self.lasting)
    try client.subscribe(topic, qos: .atLeastOnce)
    try client.disconnect()
    try hub.connect().publish(topic, qos: .atLeastOnce)
    let again = try hub.connect(name, clean: true, properties: Self.lasting)
    #expect(again.connack?.sessionPresent == false)
    try again.expectNothing()
    try again.publish(topic)
  }

  @Test("5.0 [MQTT-3.1.2-4] Clean Start 1 discards a session that is connected too")
  func cleanStartDiscardsTakenOver() async throws {
    let hub = try await LiveHub.shared()
    let (name, topic) = (Unique.name(), Unique.name())
    let first = try hub.connect(name, properties: Self.lasting)
    try first.subscribe(topic)
    let second = try hub.connect(name, clean: true)
    #expect(second.connack?.sessionPresent == false)
    try first.expectDisconnect(.sessionTakenOver)
    try second.publish(topic)
  }

  @Test(
    """
    5.0 [MQTT-3.1.4-3] [MQTT-3.2.2-3] [MQTT-4.1.0-2] a take-over ends the former connection, and with it a session \
    that has no expiry
    """,
    arguments: [0, 1])
  func takeOverEndsSessionWithoutExpiry(shard: Int) throws {
    let hub = VirtualHub(shards: 2)
    let first = hub.connect("client")
    try first.subscribe("t")
    let second = hub.connect("client", shard: shard, clean: false)
    #expect(first.isClosed)
    #expect(second.connack?.sessionPresent == false)
    hub.connect("publisher").publish("t")
    #expect(second.take() == [])
  }

  @Test("5.0 [MQTT-3.1.2-6] [MQTT-3.2.2-3] Clean Start 0 without a session begins one")
  func resumeOfNothing() async throws {
    let hub = try await LiveHub.shared()
    let client = try hub.connect(clean: false)
    #expect(client.connack?.sessionPresent == false)
    let topic = Unique.name()
    try client.subscribe(topic)
    try client.send(.publish(.make(topic)))
    _ = try client.requirePublish()
  }

  @Test(
    "5.0 [MQTT-3.1.2-23] [MQTT-4.1.0-2] without a Session Expiry Interval the session ends with its connection",
    arguments: [nil, 0] as [UInt32?])
  func noExpiryInterval(_ interval: UInt32?) async throws {
    let hub = try await LiveHub.shared()
    let (name, topic) = (Unique.name(), Unique.name())
    let properties: Properties = interval.map { [.sessionExpiryInterval($0)] } ?? []
    let client = try hub.connect(name, properties: properties)
    try client.subscribe(topic)
    try client.disconnect()
    let again = try hub.connect(name, clean: false, properties: properties)
    #expect(again.connack?.sessionPresent == false)
    try again.publish(topic)
  }

  @Test("5.0 [MQTT-3.1.3-2] sessions are told apart by their client identifiers, to the letter")
  func identifiersAreDistinct() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name("case")
    let client = try hub.connect(name, properties: Self.lasting)
    try client.disconnect()
    for other in [name.uppercased(), name + "x", String(name.dropLast()), name + " "] {
      #expect(try hub.connect(other, clean: false).connack?.sessionPresent == false)
    }
    #expect(try hub.connect(name, clean: false).connack?.sessionPresent == true)
    // One to the eye, two to a server.
    let composed = try hub.connect(name + "\u{E9}")
    let decomposed = try hub.connect(name + "e\u{301}")
    try composed.expectNothing()
    try decomposed.expectNothing()
  }

  @Test("5.0 [MQTT-3.2.2-6] a CONNACK that refuses says Session Present 0 even where there is a session")
  func refusalHasNoSession() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    try hub.connect(name, properties: Self.lasting).disconnect()
    let client = try hub.open()
    try client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: false, clientIdentifier: name, properties: [.authenticationMethod("none such")])))
    let connack = try client.expectRefusal(.badAuthenticationMethod, .notAuthorized)
    #expect(!connack.sessionPresent)
    #expect(try hub.connect(name, clean: false).connack?.sessionPresent == true)
  }

  @Test("5.0 [MQTT-4.1.0-1] while it is connected a session stays, however short its expiry")
  func sessionStaysWhileConnected() throws {
    let hub = VirtualHub()
    let client = hub.connect("client", properties: [.sessionExpiryInterval(1)])
    try client.subscribe("t")
    hub.advance(seconds: 30)
    hub.connect("other").publish("t", "still here")
    #expect(client.takeTexts() == ["still here"])
  }

  @Test(
    "5.0 [MQTT-4.1.0-2] [MQTT-3.1.2-23] a session lives for its expiry interval after the connection, and no longer",
    arguments: [false, true])
  func sessionExpires(isLost: Bool) throws {
    for (wait, isPresent) in [(Int64(8), true), (12, false)] {
      let hub = VirtualHub()
      let client = hub.connect("client", properties: [.sessionExpiryInterval(10)])
      try client.subscribe("t", qos: .atLeastOnce)
      if isLost { client.lose() } else { client.disconnect() }
      hub.connect("other").publish("t", "meanwhile", qos: .atLeastOnce)
      hub.advance(seconds: wait)
      let again = hub.connect("client", clean: false, properties: [.sessionExpiryInterval(10)])
      #expect(again.connack?.sessionPresent == isPresent)
      #expect(again.takeTexts() == (isPresent ? ["meanwhile"] : []))
    }
  }

  @Test("5.0 [MQTT-4.1.0-2] an interval past the server's limit is cut to that, and CONNACK says so")
  func expiryIsLimited() throws {
    var limits = BrokerLimits()
    limits.maximumSessionExpiry = 10
    let hub = VirtualHub(limits: limits)
    let client = hub.connect("client", properties: [.sessionExpiryInterval(100)])
    #expect(client.connack?.properties.sessionExpiryInterval == 10)
    client.lose()
    hub.advance(seconds: 12)
    #expect(hub.connect("client", clean: false).connack?.sessionPresent == false)
    #expect(
      hub.connect("modest", properties: [.sessionExpiryInterval(9)]).connack?.properties.sessionExpiryInterval == nil)
  }

  @Test("5.0 [MQTT-4.1.0-2] the interval of 0xFFFFFFFF never ends")
  func sessionNeverExpires() throws {
    var limits = BrokerLimits()
    limits.maximumSessionExpiry = .max
    let hub = VirtualHub(limits: limits)
    hub.connect("client", properties: [.sessionExpiryInterval(.max)]).lose()
    for _ in 0..<100 { hub.advance(milliseconds: 1_000_000_000) }
    #expect(hub.connect("client", clean: false).connack?.sessionPresent == true)
  }

  @Test(
    "5.0 [MQTT-4.1.0-2] DISCONNECT may change the interval: shorter, longer, none",
    arguments: [(UInt32(2), false), (100, true), (0, false)])
  func disconnectChangesExpiry(_ interval: UInt32, _ isPresent: Bool) throws {
    let hub = VirtualHub()
    hub.connect("client", properties: [.sessionExpiryInterval(10)])
      .disconnect(properties: [.sessionExpiryInterval(interval)])
    hub.advance(seconds: 20)
    #expect(hub.connect("client", clean: false).connack?.sessionPresent == isPresent)
  }

  @Test("5.0 [MQTT-4.13.1-1] DISCONNECT may not give an expiry to a session that CONNECT gave none")
  func disconnectCannotAddExpiry() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    let client = try hub.connect(name)
    try client.send(.disconnect(DisconnectPacket(properties: [.sessionExpiryInterval(10)])))
    try client.expectDisconnect(.protocolError)
    #expect(try hub.connect(name, clean: false).connack?.sessionPresent == false)
  }

  @Test("5.0 [MQTT-4.1.0-2] the interval of the newest CONNECT holds")
  func newestExpiryHolds() throws {
    let hub = VirtualHub()
    hub.connect("client", properties: [.sessionExpiryInterval(100)]).lose()
    hub.connect("client", clean: false, properties: [.sessionExpiryInterval(5)]).lose()
    hub.advance(seconds: 10)
    #expect(hub.connect("client", clean: false).connack?.sessionPresent == false)
  }

  @Test("5.0 [MQTT-3.1.4-3] [MQTT-3.1.2-5] a session moves between event loops with all that waits in it")
  func sessionMovesBetweenLoops() throws {
    let hub = VirtualHub(shards: 3)
    let first = hub.connect("client", shard: 0, properties: Self.lasting)
    try first.subscribe("t", qos: .exactlyOnce)
    let publisher = hub.connect("publisher", shard: 1)
    publisher.publish("t", "1", qos: .atLeastOnce)
    publisher.publish("t", "2", qos: .exactlyOnce)
    let delivered = first.takeMessages()
    #expect(delivered.map(\.text) == ["1", "2"])

    let second = hub.connect("client", shard: 2, clean: false, properties: Self.lasting)
    #expect(first.take() == [.disconnect(DisconnectPacket(reasonCode: .sessionTakenOver))])
    #expect(first.isClosed)
    #expect(second.connack?.sessionPresent == true)
    let redelivered = second.takeMessages()
    #expect(redelivered.map(\.text) == ["1", "2"])
    #expect(redelivered.map(\.duplicate) == [true, true])
    #expect(redelivered.map(\.packetIdentifier) == delivered.map(\.packetIdentifier))
    publisher.publish("t", "3")
    #expect(second.takeTexts() == ["3"])
    second.lose()
    publisher.publish("t", "4", qos: .atLeastOnce)
    #expect(hub.connect("client", shard: 1, clean: false).takeTexts() == ["1", "2", "4"])
  }
}

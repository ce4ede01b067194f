import MQTTProtocol
import Testing

/// §3.14, §4.13: the end of a connection.
@Suite("MQTT 5.0 §3.14 DISCONNECT and §4.13 errors")
struct DisconnectTests {
  @Test(
    "5.0 [MQTT-3.14.2-1] [MQTT-4.13.1-1] reason codes that only a server may say are protocol errors",
    arguments: [0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2] as [UInt8])
  func serverReasonCodes(_ reason: UInt8) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.disconnect(DisconnectPacket(reasonCode: ReasonCode(rawValue: reason))))
    try client.expectDisconnect(.protocolError)
  }

  @Test(
    "5.0 [MQTT-3.14.2-1] [MQTT-4.13.1-1] reason codes that DISCONNECT does not have are malformed",
    arguments: [0x01, 0x02, 0x10, 0x18, 0x84, 0x85, 0x8C, 0x91, 0x92, 0xFF] as [UInt8])
  func unknownReasonCodes(_ reason: UInt8) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(0xE0, [reason, 0]))
    try client.expectDisconnect(.malformedPacket, .protocolError)
  }

  @Test(
    "5.0 [MQTT-3.14.4-2] [MQTT-3.14.4-1] a DISCONNECT in any of its forms is answered by closing, with no word",
    arguments: [[], [0x00], [0x00, 0x00], [0x04, 0x00], [0x00, 0x05, 0x11, 0, 0, 0, 0]] as [[UInt8]])
  func clientDisconnects(_ body: [UInt8]) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(0xE0, body))
    try client.expectClosed()
  }

  @Test("5.0 [MQTT-3.14.4-1] nothing that a client sends after DISCONNECT is done")
  func nothingAfterDisconnect() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.connect()
    try client.send(.disconnect(DisconnectPacket()), .publish(.make(topic)), .pingreq)
    try client.expectClosed()
    try watcher.expectNothing()
  }

  @Test(
    """
    5.0 [MQTT-3.14.4-1] [MQTT-3.14.4-2] [MQTT-4.13.2-1] after the server's DISCONNECT nothing more comes, and nothing \
    more is done
    """
  )
  func nothingAfterServerDisconnect() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.connect()
    try client.subscribe(topic)
    let bad = Wire.packet(0x36, Wire.string("t"), [0, 1, 0])
    try client.send(bad + [0xC0, 0] + ControlPacket.publish(.make(topic)).encoded(version: .v5))
    try client.expectDisconnect(.malformedPacket)
    try watcher.expectNothing()
  }

  @Test(
    "5.0 [MQTT-3.14.2-2] [MQTT-3.14.2-1] the server's DISCONNECT has one of the codes and no Session Expiry Interval")
  func serverDisconnectHasNoExpiry() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    let lasting: Properties = [.sessionExpiryInterval(60)]
    let first = try hub.connect(name, properties: lasting)
    let second = try hub.connect(name, clean: false, properties: lasting)
    #expect(try first.expectDisconnect(.sessionTakenOver).properties.sessionExpiryInterval == nil)
    try second.send([0xF0, 0x00])
    #expect(try second.expectDisconnect(.protocolError, .malformedPacket).properties.sessionExpiryInterval == nil)
  }

  @Test("5.0 [MQTT-3.14.0-1] whatever is wrong with CONNECT, no DISCONNECT answers it")
  func noDisconnectBeforeConnack() async throws {
    let hub = try await LiveHub.shared()
    let connect = Wire.Connect(Wire.string("x"), [1, 2, 3]).bytes
    for bytes in [connect, [0x10, 0xFF, 0xFF, 0xFF, 0xFF], [0x10, 0x00], [0xE0, 0x00], [0x00, 0x00]] {
      let client = try hub.open()
      try client.send(bytes)
      try client.expectRejected(.malformedPacket, .protocolError)
    }
  }

  @Test("5.0 [MQTT-4.13.1-1] [MQTT-4.13.2-1] one client's error has no consequence for another's session")
  func errorsAreOnesOwn() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    for bytes in [[0x30, 0x01, 0x00], [0xFF, 0x00], [0x82, 0x02, 0x00, 0x01], [0x40, 0x01, 0x00]] as [[UInt8]] {
      let client = try hub.connect()
      try client.send(bytes)
      try client.expectDisconnect(.malformedPacket, .protocolError)
    }
    try hub.connect().publish(topic, "fine")
    #expect(try watcher.requirePublish().text == "fine")
    try watcher.expectNothing()
  }

  @Test("5.0 [MQTT-4.13.1-1] packets before the bad one in the same read are done")
  func packetsBeforeError() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.connect()
    try client.send(ControlPacket.publish(.make(topic)).encoded(version: .v5) + [0x00, 0x00])
    try client.expectDisconnect(.malformedPacket, .protocolError)
    _ = try watcher.requirePublish()
  }

  @Test("5.0 [MQTT-3.14.4-2] [MQTT-4.13.2-1] the stop of the server tells every client 0x8B and closes")
  func serverStops() async throws {
    try await LiveHub.with { hub in
      let clients = try (0..<3).map { _ in try hub.connect() }
      await hub.stop()
      for client in clients { try client.expectDisconnect(.serverShuttingDown) }
    }
  }
}

import MQTTProtocol
import Testing

/// §3.1.0-3.1.2: the first packet, its name, version and flags.
@Suite("MQTT 5.0 §3.1 CONNECT")
struct ConnectTests {
  @Test(
    "5.0 [MQTT-3.1.0-1] [MQTT-3.14.0-1] [MQTT-3.2.0-1] whoever begins with another packet is cut off without a word",
    arguments: [
      .pingreq, .disconnect(DisconnectPacket()), .publish(.make("t")),
      .subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "t", qos: .atMostOnce)])),
      .auth(AuthPacket(reasonCode: .continueAuthentication, properties: [.authenticationMethod("m")])),
    ] as [ControlPacket])
  func firstPacketIsConnect(_ packet: ControlPacket) async throws {
    let client = try await LiveHub.shared().open()
    try client.send(packet)
    try client.expectClosed()
  }

  @Test("5.0 [MQTT-3.1.0-2] [MQTT-3.2.0-2] a second CONNECT is a protocol error, and gets no second CONNACK")
  func secondConnect() async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.connect(ConnectPacket(version: .v5, clientIdentifier: Unique.name())))
    try client.expectDisconnect(.protocolError)
  }

  @Test("5.0 [MQTT-3.1.2-1] another protocol name is refused", arguments: ["MQTX", "mqtt", "MQT", "MQTTT", "", "HTTP"])
  func protocolName(_ name: String) async throws {
    let client = try await LiveHub.shared().open()
    var connect = Wire.Connect(Wire.string(Unique.name()))
    connect.protocolName = Array(name.utf8)
    try client.send(connect.bytes)
    try client.expectRejected(.unsupportedProtocolVersion, .malformedPacket)
  }

  @Test(
    "5.0 [MQTT-3.1.2-2] [MQTT-3.2.2-7] another protocol version is refused by number",
    arguments: [6, 7, 127, 255] as [UInt8])
  func protocolVersion(_ level: UInt8) async throws {
    let client = try await LiveHub.shared().open()
    var connect = Wire.Connect(Wire.string(Unique.name()))
    connect.level = level
    try client.send(connect.bytes)
    // What the sender can read is not known: 0x84 in the form of MQTT 5, or 1 in that of all versions before.
    let answer = try client.readPacketBytes()
    #expect(answer == [0x20, 3, 0, 0x84, 0] || answer == [0x20, 2, 0, 1])
    try client.expectClosed()
  }

  @Test("5.0 [MQTT-3.1.2-3] the reserved connect flag must be 0")
  func reservedFlag() async throws {
    let client = try await LiveHub.shared().open()
    var connect = Wire.Connect(Wire.string(Unique.name()))
    connect.flags = 0b0000_0011
    try client.send(connect.bytes)
    try client.expectRejected(.malformedPacket)
  }

  struct Flags: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let flags: UInt8
    let payload: [[UInt8]]

    init(_ description: String, _ flags: UInt8, _ payload: [UInt8]...) {
      testDescription = description
      self.flags = flags
      self.payload = payload
    }
  }

  static let name = Wire.string("flags")

  @Test(
    """
    5.0 [MQTT-3.1.2-9] [MQTT-3.1.2-11] [MQTT-3.1.2-12] [MQTT-3.1.2-13] [MQTT-3.1.2-16] [MQTT-3.1.2-17] \
    [MQTT-3.1.2-18] [MQTT-3.1.2-19] [MQTT-3.1.3-3] [MQTT-3.1.4-1] connect flags must fit the payload
    """,
    arguments: [
      Flags("Will Flag and no will", 0b0000_0110, name),
      Flags("Will Flag, properties only", 0b0000_0110, name, [0]),
      Flags("Will Flag, no will payload", 0b0000_0110, name, [0], Wire.string("t")),
      Flags("no Will Flag, and a will", 0b0000_0010, name, [0], Wire.string("t"), Wire.binary([])),
      Flags("no Will Flag, Will QoS 1", 0b0000_1010, name),
      Flags("no Will Flag, Will QoS 2", 0b0001_0010, name),
      Flags("no Will Flag, Will Retain", 0b0010_0010, name),
      Flags("Will QoS 3", 0b0001_1110, name, [0], Wire.string("t"), Wire.binary([])),
      Flags("no User Name Flag, and a user name", 0b0000_0010, name, Wire.string("u")),
      Flags("User Name Flag and no user name", 0b1000_0010, name),
      Flags("no Password Flag, and a password", 0b1000_0010, name, Wire.string("u"), Wire.binary([1])),
      Flags("Password Flag and no password", 0b1100_0010, name, Wire.string("u")),
      Flags("no client identifier", 0b0000_0010),
      Flags("client identifier cut short", 0b0000_0010, [0, 5, 0x61]),
      Flags("a byte too many", 0b0000_0010, name, [0]),
    ])
  func flagsFitPayload(_ flags: Flags) async throws {
    let client = try await LiveHub.shared().open()
    var connect = Wire.Connect(flags.payload.flatMap(\.self))
    connect.flags = flags.flags
    try client.send(connect.bytes)
    try client.expectRejected(.malformedPacket, .protocolError)
  }

  private static var newName: [UInt8] { Wire.string(Unique.name()) }
  private static let will: [UInt8] = [0] + Wire.string("flags/will") + Wire.binary([1])

  @Test(
    "5.0 the same packet is accepted where its flags fit the payload",
    arguments: [
      Flags("a name", 0b0000_0010, newName),
      Flags("a name, and no Clean Start", 0b0000_0000, newName),
      Flags("a will", 0b0000_0110, newName, will),
      Flags("Will QoS 1", 0b0000_1110, newName, will),
      Flags("Will QoS 2", 0b0001_0110, newName, will),
      Flags("a user name", 0b1000_0010, newName, Wire.string("u")),
      Flags("a user name and a password", 0b1100_0010, newName, Wire.string("u"), Wire.binary([1])),
      Flags("all of them", 0b1100_1110, newName, will, Wire.string("u"), Wire.binary([1])),
    ])
  func fittingFlags(_ flags: Flags) async throws {
    let client = try await LiveHub.shared().open()
    var connect = Wire.Connect(flags.payload.flatMap(\.self))
    connect.flags = flags.flags
    try client.send(connect.bytes)
    #expect(try client.requireConnack().reasonCode == .success)
    try client.disconnect()
  }

  @Test(
    """
    5.0 [MQTT-3.1.3-1] [MQTT-3.1.2-12] [MQTT-3.2.2-9] [MQTT-3.2.2-12] [MQTT-3.2.2-13] every field at once, in order, \
    any Will QoS and Will Retain, is accepted
    """, arguments: QoS.allCases, [false, true])
  func everyField(_ qos: QoS, _ retain: Bool) async throws {
    let client = try await LiveHub.shared().open()
    let connack = try client.connect(
      ConnectPacket(
        version: .v5, keepAlive: 60, clientIdentifier: Unique.name(),
        will: Will(
          topic: Unique.name(), payload: [1], qos: qos, retain: retain,
          properties: [.willDelayInterval(1), .payloadFormatIndicator(1), .userProperty("a", "b")]), userName: "user",
        password: [0, 0xFF],
        properties: [
          .sessionExpiryInterval(0), .receiveMaximum(10), .maximumPacketSize(1_000), .topicAliasMaximum(3),
          .requestResponseInformation(0), .requestProblemInformation(1), .userProperty("k", "v"),
          .userProperty("k", "v"),
        ]))
    #expect(connack.reasonCode == .success)
    #expect(connack.properties.maximumQoS == nil)
    #expect(connack.properties.retainAvailable != false)
    try client.disconnect()
  }

  @Test("5.0 [MQTT-3.1.2-18] [MQTT-3.1.2-19] a password without a user name is allowed in MQTT 5")
  func passwordAlone() async throws {
    let client = try await LiveHub.shared().open()
    let connack = try client.connect(
      ConnectPacket(version: .v5, clientIdentifier: Unique.name(), password: Array("secret".utf8)))
    #expect(connack.reasonCode == .success)
  }

  @Test("5.0 [MQTT-3.1.3-5] client identifiers of 1 to 23 letters and digits are accepted")
  func clientIdentifierAlphabet() async throws {
    let hub = try await LiveHub.shared()
    let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for start in stride(from: 0, to: alphabet.count, by: 23) {
      let name = String(alphabet[start..<min(start + 23, alphabet.count)])
      #expect(try hub.connect(name).connack?.properties.assignedClientIdentifier == nil)
    }
    #expect(try hub.connect("z").connack?.properties.assignedClientIdentifier == nil)
  }

  @Test(
    "5.0 [MQTT-3.1.3-6] [MQTT-3.1.3-7] [MQTT-3.2.2-16] an empty client identifier is replaced by one that is new",
    arguments: [true, false])
  func assignedClientIdentifier(clean: Bool) async throws {
    let hub = try await LiveHub.shared()
    let clients = try (0..<3).map { _ in try hub.connect("", clean: clean) }
    let identifiers = try clients.map { try #require($0.connack?.properties.assignedClientIdentifier) }
    #expect(Set(identifiers).count == 3)
    #expect(!identifiers.contains(""))
    // The name is the client's: whoever comes with it takes over.
    _ = try hub.connect(identifiers[0])
    try clients[0].expectDisconnect(.sessionTakenOver)
    try clients[1].expectNothing()
  }

  @Test("5.0 [MQTT-3.1.3-7] a session under an assigned client identifier is found again by it")
  func assignedClientIdentifierKeepsSession() async throws {
    let hub = try await LiveHub.shared()
    let client = try hub.connect("", properties: [.sessionExpiryInterval(60)])
    let identifier = try #require(client.connack?.properties.assignedClientIdentifier)
    try client.disconnect()
    let again = try hub.connect(identifier, clean: false, properties: [.sessionExpiryInterval(60)])
    #expect(again.connack?.sessionPresent == true)
    #expect(again.connack?.properties.assignedClientIdentifier == nil)
  }

  @Test(
    """
    5.0 [MQTT-3.1.3-8] [MQTT-3.1.4-2] [MQTT-3.2.2-6] [MQTT-3.2.2-7] [MQTT-3.2.2-8] a client identifier past the limit \
    is refused with 0x85
    """
  )
  func clientIdentifierTooLong() async throws {
    let client = try await LiveHub.shared().open()
    try client.send(.connect(ConnectPacket(version: .v5, clientIdentifier: String(repeating: "x", count: 1_000))))
    let connack = try client.expectRefusal(.clientIdentifierNotValid)
    #expect(!connack.sessionPresent)
  }

  @Test("5.0 [MQTT-3.1.4-2] [MQTT-3.2.2-8] [MQTT-4.13.2-1] a will that its client may not publish is refused with 0x87")
  func unauthorizedWill() async throws {
    let client = try await LiveHub.shared().open()
    try client.send(
      .connect(
        ConnectPacket(
          version: .v5, clientIdentifier: Unique.name(),
          will: Will(topic: "$SYS/broker/version", payload: [], qos: .atMostOnce, retain: false))))
    try client.expectRefusal(.notAuthorized)
  }

  @Test("5.0 [MQTT-3.1.4-6] [MQTT-3.2.2-7] nothing that follows a refused CONNECT is done")
  func nothingAfterRefusal() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let watcher = try hub.connect()
    try watcher.subscribe(topic)
    let client = try hub.open()
    try client.send(
      .connect(
        ConnectPacket(version: .v5, clientIdentifier: Unique.name(), properties: [.authenticationMethod("none such")])),
      .publish(.make(topic)), .publish(.make(topic, retain: true)))
    try client.expectRefusal(.badAuthenticationMethod, .notAuthorized)
    try watcher.expectNothing()
    try watcher.subscribe(topic)
    try watcher.expectNothing()
  }

  @Test(
    "5.0 [MQTT-3.1.4-5] [MQTT-3.2.0-1] [MQTT-3.2.0-2] packets sent behind CONNECT are answered after its one CONNACK")
  func packetsBehindConnect() async throws {
    let client = try await LiveHub.shared().open()
    let topic = Unique.name()
    try client.send(
      .connect(ConnectPacket(version: .v5, clientIdentifier: Unique.name())), .pingreq,
      .subscribe(SubscribePacket(packetIdentifier: 7, subscriptions: [Subscription(filter: topic, qos: .atLeastOnce)])),
      .publish(.make(topic, qos: .atLeastOnce, id: 8)))
    #expect(try client.requireConnack().reasonCode == .success)
    let types = try (0..<4).map { _ in try client.read().type }
    #expect(types.prefix(2) == [.pingresp, .suback])
    #expect(Set(types.suffix(2)) == [.puback, .publish])
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-3.1.4-3] [MQTT-3.1.3-2] a second connection of a client identifier takes over: 0x8E to the first")
  func takeOver() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    let first = try hub.connect(name)
    let other = try hub.connect()
    let second = try hub.connect(name)
    try first.expectDisconnect(.sessionTakenOver)
    try second.expectNothing()
    try other.expectNothing()
  }

  @Test("5.0 [MQTT-4.2.0-1] a packet may come byte by byte: TCP is a stream")
  func byteByByte() async throws {
    let client = try await LiveHub.shared().open()
    let connect = ControlPacket.connect(ConnectPacket(version: .v5, clientIdentifier: Unique.name()))
    for byte in connect.encoded(version: .v5) { try client.send([byte]) }
    #expect(try client.requireConnack().reasonCode == .success)
    for byte in ControlPacket.pingreq.encoded(version: .v5) { try client.send([byte]) }
    #expect(try client.read() == .pingresp)
  }
}

import MosquittoClient
import Testing

@Suite("libmosquitto in Swift", .enabled(if: MosquittoBroker.isInstalled, "needs /usr/sbin/mosquitto"))
struct MosquittoClientTests {
  private static func client(
    _ broker: MosquittoBroker, _ identifier: String, _ version: MosquittoProtocolVersion = .v5
  ) throws -> MosquittoClient {
    var options = MosquittoConnectOptions(host: "127.0.0.1", port: broker.port, clientIdentifier: identifier)
    options.protocolVersion = version
    let client = try MosquittoClient(options)
    try client.connectAndWait()
    return client
  }

  @Test(
    "A message comes through as it was sent, whatever the version and the QoS",
    arguments: MosquittoProtocolVersion.allCases, MosquittoQoS.allCases)
  func messages(_ version: MosquittoProtocolVersion, _ qos: MosquittoQoS) throws {
    let broker = try MosquittoBroker()
    let receiver = try Self.client(broker, "receiver", version)
    let sender = try Self.client(broker, "sender", version)
    #expect(try receiver.subscribeAndWait(to: "a/+", qos: .exactlyOnce).rawValue == 2)
    for size in [0, 1, 1000, 200_000] {
      var message = MosquittoMessage(
        topic: "a/é", payload: (0..<size).map { UInt8(truncatingIfNeeded: $0) }, qos: qos)
      message.properties = MosquittoMessageProperties(
        contentType: "application/json", responseTopic: "reply/here", correlationData: [0, 1, 0xFF],
        userProperties: [.init(name: "a", value: "1"), .init(name: "a", value: "2")])
      #expect(try sender.publishAndWait(message) == .success)
      // MQTT 3.1.1 has no properties to carry.
      if version == .v311 { message.properties = MosquittoMessageProperties() }
      #expect(try receiver.nextMessage() == message)
    }
    #expect(receiver.takeEvents().isEmpty)
    sender.disconnectAndWait()
    #expect(!sender.isOpen)
    #expect(throws: MosquittoError.notConnected) { try sender.publish(MosquittoMessage(topic: "a/b", payload: [])) }
  }

  @Test("An acknowledgement carries its reason code")
  func reasonCodes() throws {
    let broker = try MosquittoBroker()
    let client = try Self.client(broker, "c")
    let code = try client.publishAndWait(MosquittoMessage(topic: "nobody/listens", payload: [1], qos: .atLeastOnce))
    #expect(code.rawValue == 0x10)
    #expect(!code.isFailure)
  }

  @Test("A will is published when the connection ends without goodbye, and not after one", arguments: [true, false])
  func will(_ saysGoodbye: Bool) throws {
    let broker = try MosquittoBroker()
    let receiver = try Self.client(broker, "receiver")
    try receiver.subscribeAndWait(to: "will", qos: .atLeastOnce)
    var options = MosquittoConnectOptions(host: "127.0.0.1", port: broker.port, clientIdentifier: "dying")
    options.will = MosquittoMessage(topic: "will", payload: [1, 2], qos: .atLeastOnce)
    var dying: MosquittoClient? = try MosquittoClient(options)
    try dying?.connectAndWait()
    if saysGoodbye { dying?.disconnectAndWait() }
    dying = nil
    if saysGoodbye {
      // Whatever the broker has to say about it comes before the answer to this.
      try receiver.subscribeAndWait(to: "other", qos: .atLeastOnce)
      #expect(receiver.takeEvents().isEmpty)
    } else {
      #expect(try receiver.nextMessage().payload == [1, 2])
    }
  }

  @Test("Connecting without waiting for it")
  func nonblocking() throws {
    let broker = try MosquittoBroker()
    let options = MosquittoConnectOptions(host: "127.0.0.1", port: broker.port, clientIdentifier: "c")
    let client = try MosquittoClient(options)
    try client.beginConnecting()
    let present = try client.next("CONNACK") { if case .connected(let present) = $0 { present } else { nil } }
    #expect(!present)
    broker.kill()
    let late = try MosquittoClient(options)
    // Refused at once or a moment later.
    #expect(throws: MosquittoError.system(code: 111)) {
      try late.beginConnecting()
      _ = try late.next("CONNACK") { if case .connected = $0 { true } else { nil } }
    }
    #expect(throws: MosquittoError.connectionLost) { try client.nextMessage() }
    #expect(throws: MosquittoError.notConnected) { try client.nextMessage() }
    var named = options
    named.host = "localhost"
    #expect(throws: MosquittoError.self) { try MosquittoClient(named).beginConnecting() }
  }

  @Test("A refusal says why", arguments: MosquittoProtocolVersion.allCases)
  func refused(_ version: MosquittoProtocolVersion) throws {
    let broker = try MosquittoBroker("allow_anonymous false")
    var options = MosquittoConnectOptions(host: "127.0.0.1", port: broker.port, clientIdentifier: "c")
    options.protocolVersion = version
    options.userName = "nobody"
    options.password = "wrong"
    let client = try MosquittoClient(options)
    let code = MosquittoReasonCode(rawValue: version == .v5 ? 0x87 : 5)
    #expect(throws: MosquittoError.refused(code)) { try client.connectAndWait() }
  }

  @Test("What MQTT does not allow is an error that says what")
  func invalid() throws {
    let broker = try MosquittoBroker()
    let client = try Self.client(broker, "c")
    #expect(throws: MosquittoError.invalidArgument("topic \"a/#\"")) {
      try client.publish(MosquittoMessage(topic: "a/#", payload: []))
    }
    #expect(throws: MosquittoError.invalidArgument("topic filter \"a#\"")) {
      try client.subscribe(to: "a#", qos: .atMostOnce)
    }
    var options = client.options
    options.will = MosquittoMessage(topic: "a/+", payload: [])
    #expect(throws: MosquittoError.self) { try MosquittoClient(options) }
    options.will = nil
    options.host = "no-such-host.invalid"
    #expect(throws: MosquittoError.unknownHost("no-such-host.invalid")) { try MosquittoClient(options).connect() }
    #expect(client.isOpen)
  }

  @Test("Waiting ends, and leaves the other events where they are")
  func waiting() throws {
    let broker = try MosquittoBroker()
    let client = try Self.client(broker, "c")
    try client.subscribeAndWait(to: "a", qos: .atMostOnce)
    let id = try client.publish(MosquittoMessage(topic: "a", payload: [1], qos: .atLeastOnce))
    #expect(try client.nextMessage().payload == [1])
    #expect(throws: MosquittoError.timedOut(waitingFor: "a message")) {
      try client.nextMessage(within: .milliseconds(20))
    }
    #expect(client.takeEvents() == [.published(id: id, .success)])
  }
}

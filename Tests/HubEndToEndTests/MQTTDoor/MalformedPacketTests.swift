import MQTTProtocol
import Testing

/// Bytes that are no packet, or a packet that is not allowed: the reason code in MQTT 5, a closed connection in 3.1.1.
@Suite struct MalformedPacketTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    /// Sent after an accepted CONNECT of MQTT 5.
    let bytes: [UInt8]
    let reason: ReasonCode
    var isAlsoWrongIn311 = true

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "reserved type 0", bytes: [0x00, 0x00], reason: .malformedPacket),
    Case(name: "SUBSCRIBE without its flags", bytes: [0x80, 0x02, 0, 1], reason: .malformedPacket),
    Case(name: "PINGREQ with flags", bytes: [0xC1, 0x00], reason: .malformedPacket),
    Case(name: "PINGREQ with a body", bytes: [0xC0, 0x01, 0x00], reason: .malformedPacket),
    Case(name: "a length of five bytes", bytes: [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], reason: .malformedPacket),
    Case(name: "a packet of 268 MB", bytes: [0x30, 0xFF, 0xFF, 0xFF, 0x7F], reason: .packetTooLarge),
    Case(name: "a packet of 257 KiB", bytes: [0x30, 0x80, 0x88, 0x10], reason: .packetTooLarge),
    Case(name: "PUBLISH at QoS 3", bytes: publish(flags: 0b0110, topic: "a", id: 1), reason: .malformedPacket),
    Case(name: "PUBLISH with DUP at QoS 0", bytes: publish(flags: 0b1000, topic: "a"), reason: .malformedPacket),
    Case(name: "PUBLISH to a+", bytes: publish(topic: "a/+"), reason: .topicNameInvalid),
    Case(name: "PUBLISH to #", bytes: publish(topic: "#"), reason: .topicNameInvalid),
    Case(name: "PUBLISH with NUL in its topic", bytes: publish(topic: "a\0b"), reason: .malformedPacket),
    Case(name: "PUBLISH with a cut sequence", bytes: publish(topic: [0x61, 0xC3]), reason: .malformedPacket),
    Case(name: "PUBLISH with an overlong slash", bytes: publish(topic: [0xC0, 0xAF]), reason: .malformedPacket),
    Case(name: "PUBLISH with a surrogate", bytes: publish(topic: [0xED, 0xA0, 0x80]), reason: .malformedPacket),
    Case(
      name: "PUBLISH without packet identifier", bytes: publish(flags: 2, topic: "a", id: 0), reason: .protocolError),
    Case(
      name: "PUBLISH whose topic is longer than it", bytes: [0x30, 0x03, 0x00, 0x09, 0x61], reason: .malformedPacket),
    Case(
      name: "PUBLISH with a topic alias that was not granted", bytes: publish(topic: "a", properties: [0x23, 0, 17]),
      reason: .topicAliasInvalid, isAlsoWrongIn311: false),
    Case(
      name: "PUBLISH with a subscription identifier", bytes: publish(topic: "a", properties: [0x0B, 1]),
      reason: .protocolError, isAlsoWrongIn311: false),
    Case(
      name: "PUBLISH with a property of no PUBLISH", bytes: publish(topic: "a", properties: [0x21, 0, 1]),
      reason: .malformedPacket, isAlsoWrongIn311: false),
    Case(
      name: "PUBLISH with a property twice", bytes: publish(topic: "a", properties: [0x01, 1, 0x01, 1]),
      reason: .protocolError, isAlsoWrongIn311: false),
    Case(name: "SUBSCRIBE to nothing", bytes: [0x82, 0x03, 0, 1, 0], reason: .protocolError),
    Case(name: "SUBSCRIBE to a/#/b", bytes: subscribe("a/#/b", options: 0), reason: .topicFilterInvalid),
    Case(name: "SUBSCRIBE to a+", bytes: subscribe("a+", options: 0), reason: .topicFilterInvalid),
    Case(name: "SUBSCRIBE with NUL", bytes: subscribe("a\0", options: 0), reason: .malformedPacket),
    Case(name: "SUBSCRIBE at QoS 3", bytes: subscribe("a", options: 3), reason: .protocolError),
    Case(name: "SUBSCRIBE with reserved options", bytes: subscribe("a", options: 0xC0), reason: .malformedPacket),
    Case(name: "UNSUBSCRIBE from nothing", bytes: [0xA2, 0x03, 0, 1, 0], reason: .protocolError),
    Case(name: "a second CONNECT", bytes: PacketSamples.connect(.v5), reason: .protocolError),
    Case(name: "PINGRESP", bytes: [0xD0, 0x00], reason: .protocolError),
    Case(name: "CONNACK", bytes: [0x20, 0x03, 0, 0, 0], reason: .protocolError),
    Case(name: "SUBACK", bytes: [0x90, 0x04, 0, 1, 0, 0], reason: .protocolError),
    Case(name: "AUTH", bytes: [0xF0, 0x00], reason: .protocolError),
    Case(name: "PUBREL with a reason code of none", bytes: [0x62, 0x03, 0, 1, 0x55], reason: .malformedPacket),
  ]

  private static func publish(
    flags: UInt8 = 0, topic: some Sequence<UInt8>, id: UInt16? = nil, properties: [UInt8] = []
  ) -> [UInt8] {
    let topic = Array(topic)
    var body = [0, UInt8(topic.count)] + topic
    if let id { body += [UInt8(id >> 8), UInt8(id & 0xFF)] }
    body += [UInt8(properties.count)] + properties
    return [0x30 | flags, UInt8(body.count)] + body
  }

  private static func publish(
    flags: UInt8 = 0, topic: String, id: UInt16? = nil, properties: [UInt8] = []
  ) -> [UInt8] {
    publish(flags: flags, topic: Array(topic.utf8), id: id, properties: properties)
  }

  private static func subscribe(_ filter: String, options: UInt8) -> [UInt8] {
    let body = [0, 1, 0, 0, UInt8(filter.utf8.count)] + Array(filter.utf8) + [options]
    return [0x82, UInt8(body.count)] + body
  }

  @Test func tellsTheReasonInMQTT5() throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      for testCase in Self.cases {
        let peer = try MQTTPeer.connected(hub.mqttPort, "offender")
        peer.socket.send(testCase.bytes)
        do {
          let reason = try peer.closingReason()
          #expect(reason == testCase.reason, "\(testCase.name)")
        } catch {
          Issue.record(error, "\(testCase.name)")
        }
      }
      try neighbour.expectToBeServed(1)
    }
  }

  @Test func closesIn311() throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      for testCase in Self.cases where testCase.isAlsoWrongIn311 {
        let peer = try MQTTPeer.connected(hub.mqttPort, version: .v3_1_1, "offender")
        // Whole or not in 3.1.1, nothing more comes.
        peer.socket.send(testCase.bytes)
        peer.socket.finishSending()
        do {
          #expect(try peer.closingReason() == nil, "\(testCase.name)")
        } catch {
          Issue.record(error, "\(testCase.name)")
        }
      }
      try neighbour.expectToBeServed(1)
    }
  }

  @Test func wantsConnectFirst() throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      for version in [ProtocolVersion.v3_1_1, .v5] {
        for (type, packet) in PacketSamples.others(version) {
          let socket = try TCPConnection(port: hub.mqttPort)
          socket.send(packet)
          #expect(try socket.receiveToEnd().isEmpty, "\(type)")
        }
      }
      // What else talks to open ports.
      for text in ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}", "SSH-2.0-x\r\n"] {
        let socket = try TCPConnection(port: hub.mqttPort)
        socket.send(text.utf8)
        socket.finishSending()
        #expect(try socket.receiveToEnd().isEmpty)
      }
      try neighbour.expectToBeServed(1)
    }
  }

  @Test(arguments: [0, 1, 2, 6, 7, 255] as [UInt8])
  func answersAnUnknownProtocolLevel(level: UInt8) throws {
    try withHub { hub in
      let socket = try TCPConnection(port: hub.mqttPort)
      let body = [0, 4] + Array("MQTT".utf8) + [level, 0x02, 0, 0] + (level > 4 ? [0] : []) + [0, 1, 0x61]
      socket.send([0x10, UInt8(body.count)] + body)
      let answer = try socket.receiveToEnd()
      // Return code 1 in the form of 3.1.1 [MQTT-3.1.2-2], or 0x84 in that of 5.0, to who came after it.
      let old: [UInt8] = [0x20, 2, 0, 1]
      #expect(answer == old || (level > 5 && answer.starts(with: [0x20]) && answer.dropFirst(3).first == 0x84))
    }
  }

  @Test func refusesConnectsThatContradictThemselves() throws {
    try withHub { hub in
      let wrong: [(String, [UInt8])] = [
        ("another protocol", [0, 4] + Array("MQXX".utf8) + [4, 2, 0, 0, 0, 1, 0x61]),
        ("a reserved flag", [0, 4] + Array("MQTT".utf8) + [4, 3, 0, 0, 0, 1, 0x61]),
        ("a will at QoS 3", [0, 4] + Array("MQTT".utf8) + [4, 0x1E, 0, 0, 0, 1, 0x61, 0, 1, 0x62, 0, 0]),
        ("Will Retain without a will", [0, 4] + Array("MQTT".utf8) + [4, 0x22, 0, 0, 0, 1, 0x61]),
        ("bytes left over", [0, 4] + Array("MQTT".utf8) + [4, 2, 0, 0, 0, 1, 0x61, 0]),
        ("a client identifier with NUL", [0, 4] + Array("MQTT".utf8) + [4, 2, 0, 0, 0, 1, 0x00]),
      ]
      for (name, body) in wrong {
        let socket = try TCPConnection(port: hub.mqttPort)
        socket.send([0x10, UInt8(body.count)] + body)
        let answer = try socket.receiveToEnd()
        #expect(answer.isEmpty || answer.starts(with: [0x20]) && answer.dropFirst(3).first != 0, "\(name)")
      }
      let long = try MQTTPeer(port: hub.mqttPort)
      #expect(try long.connect(String(repeating: "x", count: 257)).reasonCode == .clientIdentifierNotValid)
      let old = try MQTTPeer(port: hub.mqttPort, version: .v3_1_1)
      #expect(try old.connect(String(repeating: "x", count: 257)).reasonCode.rawValue == 2)
      let authenticating = try MQTTPeer(port: hub.mqttPort)
      #expect(
        try authenticating.connect("a", properties: [.authenticationMethod("SCRAM")]).reasonCode
          == .badAuthenticationMethod)
    }
  }
}

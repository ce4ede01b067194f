import MQTTProtocol
import Testing

/// §1.5.4, §1.5.7: UTF-8 Encoded Strings, wherever a client sends one.
@Suite("MQTT 5.0 §1.5 strings")
struct StringTests {
  /// A field that holds text, and a packet with `text` in it.
  enum Field: String, CaseIterable, Sendable {
    case topicName, topicFilter, unsubscribedFilter, contentType, responseTopic, userPropertyName, userPropertyValue
    case disconnectReason, authenticationMethod

    func packet(_ text: [UInt8]) -> [UInt8] {
      let string = Wire.binary(text)
      let good = Wire.string("a")
      switch self {
      case .topicName: return Wire.packet(0x30, string, [0])
      case .topicFilter: return Wire.packet(0x82, [0, 1, 0], string, [0])
      case .unsubscribedFilter: return Wire.packet(0xA2, [0, 1, 0], string)
      case .contentType: return Wire.packet(0x30, good, Wire.properties([0x03], string))
      case .responseTopic: return Wire.packet(0x30, good, Wire.properties([0x08], string))
      case .userPropertyName: return Wire.packet(0x30, good, Wire.properties([0x26], string, good))
      case .userPropertyValue: return Wire.packet(0x30, good, Wire.properties([0x26], good, string))
      case .disconnectReason: return Wire.packet(0xE0, [0x00], Wire.properties([0x1F], string))
      case .authenticationMethod: return Wire.packet(0xF0, [0x18], Wire.properties([0x15], string))
      }
    }
  }

  static let illFormed: [[UInt8]] = [
    [0xED, 0xA0, 0x80],  // U+D800
    [0xED, 0xBF, 0xBF],  // U+DFFF
    [0xC0, 0x80],  // overlong U+0000
    [0x61, 0xFF],
    [0xE2, 0x82],  // cut short
    [0xF4, 0x90, 0x80, 0x80],  // past U+10FFFF
  ]

  @Test(
    """
    5.0 [MQTT-1.5.4-1] [MQTT-1.5.7-1] [MQTT-3.3.2-1] [MQTT-3.3.2-13] [MQTT-3.3.2-19] [MQTT-3.8.3-1] [MQTT-3.10.3-1] \
    ill-formed UTF-8 in any string is a malformed packet
    """, arguments: Field.allCases)
  func illFormedTextIsRefused(_ field: Field) async throws {
    let hub = try await LiveHub.shared()
    for text in Self.illFormed {
      let client = try hub.connect()
      try client.send(field.packet(text))
      try client.expectDisconnect(.malformedPacket)
    }
  }

  @Test("5.0 [MQTT-1.5.4-2] [MQTT-4.7.3-2] U+0000 in any string is a malformed packet", arguments: Field.allCases)
  func nullCharacterIsRefused(_ field: Field) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(field.packet([0x61, 0x00, 0x62]))
    try client.expectDisconnect(.malformedPacket, .topicNameInvalid, .topicFilterInvalid)
  }

  /// The strings of a CONNECT, each in turn replaced by `bad`.
  static func connects(with bad: [UInt8]) -> [[UInt8]] {
    let good = Wire.string("good")
    let text = Wire.binary(bad)
    var connects = [Wire.Connect(text)]
    var will = Wire.Connect(good, [0], text, good)
    will.flags = 0b0000_0110
    var user = Wire.Connect(good, text)
    user.flags = 0b1000_0010
    var property = Wire.Connect(good)
    property.properties = Wire.properties([0x26], good, text)
    connects += [will, user, property]
    return connects.map(\.bytes)
  }

  @Test(
    """
    5.0 [MQTT-1.5.4-1] [MQTT-1.5.4-2] [MQTT-3.1.3-4] [MQTT-3.1.3-11] [MQTT-3.1.3-12] [MQTT-1.5.7-1] \
    a CONNECT with a string that is not UTF-8 is refused
    """, arguments: [[0xED, 0xA0, 0x80], [0x61, 0x00], [0xFF]] as [[UInt8]])
  func illFormedConnectIsRefused(_ text: [UInt8]) async throws {
    let hub = try await LiveHub.shared()
    for connect in Self.connects(with: text) {
      let client = try hub.open()
      try client.send(connect)
      try client.expectRejected(.malformedPacket)
    }
  }

  @Test("5.0 [MQTT-1.5.4-3] [MQTT-4.7.3-4] U+FEFF is a character like any other: neither skipped nor stripped")
  func byteOrderMarkIsKept() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    let client = try hub.connect()
    try client.subscribe("\u{FEFF}\(name)")
    try client.publish(name, "without")
    try client.send(.publish(.make("\u{FEFF}\(name)", "with", properties: [.userProperty("\u{FEFF}k", "v\u{FEFF}")])))
    let message = try client.requirePublish()
    #expect(message.topic == [0xEF, 0xBB, 0xBF] + Array(name.utf8))
    #expect(message.properties.userProperties.map { $0.name.unicodeScalars.map(\.value) } == [[0xFEFF, 0x6B]])
    #expect(message.properties.userProperties.map { $0.value.unicodeScalars.map(\.value) } == [[0x76, 0xFEFF]])
    try client.expectNothing()
  }

  @Test("5.0 [MQTT-4.7.3-3] a topic of 65,535 bytes goes through whole")
  func longestTopic() async throws {
    let client = try await LiveHub.shared().connect()
    let name = Unique.name()
    try client.subscribe("\(name)/#")
    let topic = name + "/" + String(repeating: "x", count: 65_534 - name.utf8.count)
    try client.send(.publish(.make(topic)))
    #expect(try client.requirePublish().topicText == topic)
  }
}

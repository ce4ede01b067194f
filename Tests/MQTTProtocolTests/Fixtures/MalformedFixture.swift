import MQTTProtocol
import Testing

/// Bytes that are no packet, the reason code that says so, and words of the rule that they break.
struct MalformedFixture: CustomTestStringConvertible {
  let version: ProtocolVersion
  let bytes: [UInt8]
  let reasonCode: ReasonCode
  let rule: String
  let name: String

  init(
    _ name: String, _ version: ProtocolVersion, _ bytes: [UInt8], _ rule: String,
    _ reasonCode: ReasonCode = .malformedPacket
  ) {
    self.name = name
    self.version = version
    self.bytes = bytes
    self.rule = rule
    self.reasonCode = reasonCode
  }

  var testDescription: String { name }

  static let all = headers + connect + connack + publish + acknowledgements + subscriptions + others + mqtt31
}

extension MalformedFixture {
  static let headers: [MalformedFixture] = [
    MalformedFixture("type 0", .v5, [0x00], "reserved packet type"),
    MalformedFixture("five bytes of length", .v5, wire("30 FF FF FF FF 01"), "longer than four bytes"),
    MalformedFixture("five bytes of length, 3.1.1", .v3_1_1, wire("30 80 80 80 80 00"), "longer than four bytes"),
    MalformedFixture("long form of length 0", .v5, wire("C0 80 00"), "shortest form"),
    MalformedFixture("long form of a PUBLISH", .v5, wire("30 85 00 0001 't' 00 'x'"), "shortest form"),
    MalformedFixture("long form of a CONNECT", .v5, wire("10 8D 00 0004 'MQTT' 05 02 0000 00 0000"), "shortest form"),
  ]

  static let connect: [MalformedFixture] = [
    MalformedFixture("no body", .v5, [0x10, 0], "inside a field"),
    MalformedFixture("another protocol", .v5, frame(0x10, "0004 'AMQP' 04 02 0000 0000"), "protocol name"),
    MalformedFixture("name in small letters", .v5, frame(0x10, "0004 'mqtt' 04 02 0000 0000"), "protocol name"),
    MalformedFixture("empty name", .v5, frame(0x10, "0000 04 02 0000 0000"), "protocol name"),
    MalformedFixture(
      "level 0", .v5, frame(0x10, "0004 'MQTT' 00 02 0000 0000"), "level", .unsupportedProtocolVersion),
    MalformedFixture(
      "level 3 of MQTT", .v5, frame(0x10, "0004 'MQTT' 03 02 0000 0000"), "level", .unsupportedProtocolVersion),
    MalformedFixture(
      "level 6", .v5, frame(0x10, "0004 'MQTT' 06 02 0000 00 0000"), "level", .unsupportedProtocolVersion),
    MalformedFixture(
      "level of a bridge", .v5, frame(0x10, "0004 'MQTT' 84 02 0000 0000"), "level", .unsupportedProtocolVersion),
    MalformedFixture(
      "level 4 of MQIsdp", .v5, frame(0x10, "0006 'MQIsdp' 04 02 0000 0000"), "level", .unsupportedProtocolVersion),
    MalformedFixture(
      "reserved flag", .v5, frame(0x10, "0004 'MQTT' 05 03 0000 00 0000"), "reserved connect flag"),
    MalformedFixture("Will QoS 3", .v5, frame(0x10, "0004 'MQTT' 05 1E 0000 00 0000"), "Will QoS is 3"),
    MalformedFixture(
      "Will QoS without will", .v5, frame(0x10, "0004 'MQTT' 05 0A 0000 00 0000"), "without Will Flag"),
    MalformedFixture(
      "Will Retain without will", .v3_1_1, frame(0x10, "0004 'MQTT' 04 22 0000 0000"), "without Will Flag"),
    MalformedFixture(
      "password without user name", .v3_1_1, frame(0x10, "0004 'MQTT' 04 42 0000 0000 0001 'p'"),
      "password without user name"),
    MalformedFixture(
      "NUL in client identifier", .v3_1_1, frame(0x10, "0004 'MQTT' 04 02 0000 0003 'a' 00 'b'"), "UTF-8"),
    MalformedFixture(
      "surrogate in user name", .v3_1_1, frame(0x10, "0004 'MQTT' 04 82 0000 0000 0003 EDA080"), "UTF-8"),
    MalformedFixture(
      "empty will topic", .v3_1_1, frame(0x10, "0004 'MQTT' 04 06 0000 0000 0000 0000"), "Will Topic",
      .topicNameInvalid),
    MalformedFixture(
      "wildcard in will topic", .v5, frame(0x10, "0004 'MQTT' 05 06 0000 00 0000 00 0001 '#' 0000"), "Will Topic",
      .topicNameInvalid),
    MalformedFixture(
      "bytes after the password", .v3_1_1, frame(0x10, "0004 'MQTT' 04 02 0000 0000 00"), "after the end"),
    MalformedFixture(
      "bytes after the will", .v3_1_1, frame(0x10, "0004 'MQTT' 04 06 0000 0000 0001 'a' 0000 0000"),
      "after the end"),
    MalformedFixture(
      "properties past the end", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 7F 0000"), "inside a field"),
    MalformedFixture(
      "property cut by its length", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 02 21 00 01 0000"), "inside a field"),
    MalformedFixture(
      "long form of property length", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 8000 0000"), "shortest form"),
    MalformedFixture(
      "unknown property", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 02 00 00 0000"), "unknown property"),
    MalformedFixture(
      "property of another packet", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 02 24 00 0000"), "not allowed"),
    MalformedFixture(
      "property twice", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 06 21 0001 21 0001 0000"), "twice", .protocolError),
    MalformedFixture(
      "Receive Maximum 0", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 03 21 0000 0000"), "Receive Maximum",
      .protocolError),
    MalformedFixture(
      "Maximum Packet Size 0", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 05 27 00000000 0000"),
      "Maximum Packet Size", .protocolError),
    MalformedFixture(
      "boolean 2", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 02 17 02 0000"), "0 or 1", .protocolError),
    MalformedFixture(
      "Authentication Data alone", .v5, frame(0x10, "0004 'MQTT' 05 02 0000 04 16 0001 00 0000"),
      "Authentication Data", .protocolError),
    MalformedFixture(
      "Will Delay Interval outside of the will", .v5,
      frame(0x10, "0004 'MQTT' 05 02 0000 05 18 00000001 0000"), "not allowed"),
    MalformedFixture(
      "Receive Maximum in the will", .v5,
      frame(0x10, "0004 'MQTT' 05 06 0000 00 0000 03 21 0001 0001 'a' 0000"), "not allowed"),
  ]

  static let connack: [MalformedFixture] = [
    MalformedFixture("reserved flags", .v3_1_1, frame(0x20, "02 00"), "reserved CONNACK flags"),
    MalformedFixture("return code 6", .v3_1_1, frame(0x20, "00 06"), "return code"),
    MalformedFixture("reason code of another packet", .v5, frame(0x20, "00 01 00"), "reason code"),
    MalformedFixture("refused with a session", .v5, frame(0x20, "01 87 00"), "Session Present", .protocolError),
    MalformedFixture("no property length", .v5, frame(0x20, "00 00"), "inside a field"),
    MalformedFixture("properties in 3.1.1", .v3_1_1, frame(0x20, "00 00 00"), "after the end"),
  ]
}

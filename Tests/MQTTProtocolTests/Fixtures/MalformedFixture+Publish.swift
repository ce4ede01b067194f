import MQTTProtocol

extension MalformedFixture {
  static let publish: [MalformedFixture] = [
    MalformedFixture("QoS 3", .v5, frame(0x36, "0001 't' 0001 00"), "reserved flags"),
    MalformedFixture("DUP at QoS 0", .v3_1_1, frame(0x38, "0001 't'"), "reserved flags"),
    MalformedFixture("no body", .v3_1_1, [0x30, 0], "inside a field"),
    MalformedFixture("topic past the end", .v3_1_1, frame(0x30, "0005 'abcd'"), "inside a field"),
    MalformedFixture("empty topic", .v3_1_1, frame(0x30, "0000 'x'"), "topic name is empty", .topicNameInvalid),
    MalformedFixture("empty topic, no alias", .v5, frame(0x30, "0000 00 'x'"), "no Topic Alias", .protocolError),
    MalformedFixture("plus in topic", .v3_1_1, frame(0x30, "0003 'a/+'"), "wildcard", .topicNameInvalid),
    MalformedFixture("plus inside a level", .v5, frame(0x30, "0002 'a+' 00"), "wildcard", .topicNameInvalid),
    MalformedFixture(
      "hash in a long topic", .v3_1_1, frame(0x30, "0015 'v1/devices/telemetr/#'"), "wildcard", .topicNameInvalid),
    MalformedFixture("NUL in topic", .v3_1_1, frame(0x30, "0003 'a' 00 'b'"), "UTF-8"),
    MalformedFixture("NUL in a long topic", .v3_1_1, frame(0x30, "000C 'v1/devices/' 00"), "UTF-8"),
    MalformedFixture("Latin-1 in topic", .v3_1_1, frame(0x30, "0003 'a' E9 'b'"), "UTF-8"),
    MalformedFixture("surrogate in topic", .v3_1_1, frame(0x30, "0003 EDBFBF"), "UTF-8"),
    MalformedFixture("overlong slash in topic", .v3_1_1, frame(0x30, "0002 C0AF"), "UTF-8"),
    MalformedFixture("past U+10FFFF in topic", .v3_1_1, frame(0x30, "0004 F4908080"), "UTF-8"),
    MalformedFixture("character cut in topic", .v3_1_1, frame(0x30, "0003 F09F98 'x'"), "UTF-8"),
    MalformedFixture("packet identifier 0", .v3_1_1, frame(0x32, "0001 't' 0000"), "identifier is 0", .protocolError),
    MalformedFixture("no packet identifier", .v3_1_1, frame(0x32, "0001 't' 00"), "inside a field"),
    MalformedFixture("no property length", .v5, frame(0x30, "0001 't'"), "inside a field"),
    MalformedFixture("properties past the end", .v5, frame(0x30, "0001 't' 05 01 00"), "inside a field"),
    MalformedFixture("five bytes of property length", .v5, frame(0x30, "0001 't' 8080808000"), "four bytes"),
    MalformedFixture("alias 0", .v5, frame(0x30, "0001 't' 03 23 0000"), "Topic Alias is 0", .topicAliasInvalid),
    MalformedFixture("alias twice", .v5, frame(0x30, "0001 't' 06 23 0001 23 0001"), "twice", .protocolError),
    MalformedFixture("format 2", .v5, frame(0x30, "0001 't' 02 01 02"), "0 or 1", .protocolError),
    MalformedFixture(
      "Subscription Identifier 0", .v5, frame(0x30, "0001 't' 02 0B 00"), "Subscription Identifier", .protocolError),
    MalformedFixture("long form of an identifier", .v5, frame(0x30, "0001 't' 03 0B 8100"), "shortest form"),
    MalformedFixture(
      "wildcard in Response Topic", .v5, frame(0x30, "0001 't' 06 08 0003 'a/#'"), "Response Topic", .protocolError),
    MalformedFixture(
      "empty Response Topic", .v5, frame(0x30, "0001 't' 03 08 0000"), "Response Topic", .protocolError),
    MalformedFixture("Latin-1 in a property", .v5, frame(0x30, "0001 't' 04 03 0001 E9"), "UTF-8"),
    MalformedFixture("NUL in a user property", .v5, frame(0x30, "0001 't' 06 26 0001 00 0000"), "UTF-8"),
    MalformedFixture("half a user property", .v5, frame(0x30, "0001 't' 04 26 0001 'a'"), "inside a field"),
    MalformedFixture("property of CONNECT", .v5, frame(0x30, "0001 't' 03 21 0001"), "not allowed"),
    MalformedFixture("identifier in two bytes", .v5, frame(0x30, "0001 't' 03 8100 00"), "unknown property"),
  ]

  static let acknowledgements: [MalformedFixture] = [
    MalformedFixture("PUBACK without body", .v3_1_1, [0x40, 0], "inside a field"),
    MalformedFixture("PUBACK of 0", .v5, frame(0x40, "0000"), "identifier is 0", .protocolError),
    MalformedFixture("PUBREC cut", .v5, frame(0x50, "00"), "inside a field"),
    MalformedFixture("PUBREL of 0", .v3_1_1, frame(0x62, "0000"), "identifier is 0", .protocolError),
    MalformedFixture("PUBREL without its flag", .v3_1_1, frame(0x60, "0001"), "reserved flags"),
    MalformedFixture("PUBACK with a flag", .v3_1_1, frame(0x41, "0001"), "reserved flags"),
    MalformedFixture("reason code in 3.1.1", .v3_1_1, frame(0x40, "0001 00"), "after the end"),
    MalformedFixture("PUBACK with a code of SUBACK", .v5, frame(0x40, "0001 01"), "reason code"),
    MalformedFixture("PUBCOMP with a code of PUBACK", .v5, frame(0x70, "0001 10"), "reason code"),
    MalformedFixture("bytes after the properties", .v5, frame(0x40, "0001 00 00 00"), "after the end"),
    MalformedFixture("property of PUBLISH", .v5, frame(0x40, "0001 00 02 01 00"), "not allowed"),
    MalformedFixture(
      "Reason String twice", .v5, frame(0x40, "0001 00 06 1F 0000 1F 0000"), "twice", .protocolError),
  ]

  static let subscriptions: [MalformedFixture] = [
    MalformedFixture("SUBSCRIBE flags", .v3_1_1, frame(0x80, "0001 0001 'a' 00"), "reserved flags"),
    MalformedFixture("no filter", .v3_1_1, frame(0x82, "0001"), "without a topic filter", .protocolError),
    MalformedFixture("no filter, 5", .v5, frame(0x82, "0001 00"), "without a topic filter", .protocolError),
    MalformedFixture("SUBSCRIBE of 0", .v5, frame(0x82, "0000 00 0001 'a' 00"), "identifier is 0", .protocolError),
    MalformedFixture("no options", .v3_1_1, frame(0x82, "0001 0001 'a'"), "inside a field"),
    MalformedFixture("QoS 3", .v3_1_1, frame(0x82, "0001 0001 'a' 03"), "QoS 3", .protocolError),
    MalformedFixture("No Local in 3.1.1", .v3_1_1, frame(0x82, "0001 0001 'a' 04"), "reserved subscription options"),
    MalformedFixture("reserved options", .v5, frame(0x82, "0001 00 0001 'a' 40"), "reserved subscription options"),
    MalformedFixture("Retain Handling 3", .v5, frame(0x82, "0001 00 0001 'a' 30"), "Retain Handling", .protocolError),
    MalformedFixture(
      "No Local on a shared subscription", .v5, frame(0x82, "0001 00 000A '$share/g/a' 04"), "No Local",
      .protocolError),
    MalformedFixture("empty filter", .v3_1_1, frame(0x82, "0001 0000 00"), "topic filter", .topicFilterInvalid),
    MalformedFixture("filter a#", .v3_1_1, frame(0x82, "0001 0002 'a#' 00"), "topic filter", .topicFilterInvalid),
    MalformedFixture("filter #/a", .v5, frame(0x82, "0001 00 0003 '#/a' 00"), "topic filter", .topicFilterInvalid),
    MalformedFixture("filter a/+b", .v5, frame(0x82, "0001 00 0004 'a/+b' 00"), "topic filter", .topicFilterInvalid),
    MalformedFixture(
      "shared without a filter", .v5, frame(0x82, "0001 00 0008 '$share/g' 00"), "topic filter", .topicFilterInvalid),
    MalformedFixture("NUL in filter", .v3_1_1, frame(0x82, "0001 0001 00 00"), "UTF-8"),
    MalformedFixture(
      "two Subscription Identifiers", .v5, frame(0x82, "0001 04 0B 01 0B 02 0001 'a' 00"), "twice", .protocolError),
    MalformedFixture("SUBACK without codes", .v3_1_1, frame(0x90, "0001"), "without a reason code"),
    MalformedFixture("SUBACK of 3", .v3_1_1, frame(0x90, "0001 03"), "reason code"),
    MalformedFixture("SUBACK 5 of PUBACK's code", .v5, frame(0x90, "0001 00 10"), "reason code"),
    MalformedFixture("UNSUBSCRIBE flags", .v3_1_1, frame(0xA0, "0001 0001 'a'"), "reserved flags"),
    MalformedFixture("UNSUBSCRIBE of 0", .v3_1_1, frame(0xA2, "0000 0001 'a'"), "identifier is 0", .protocolError),
    MalformedFixture("UNSUBSCRIBE from nothing", .v5, frame(0xA2, "0001 00"), "without a topic filter", .protocolError),
    MalformedFixture("UNSUBSCRIBE +a", .v5, frame(0xA2, "0001 00 0002 '+a'"), "topic filter", .topicFilterInvalid),
    MalformedFixture("UNSUBACK codes in 3.1.1", .v3_1_1, frame(0xB0, "0001 00"), "after the end"),
    MalformedFixture("UNSUBACK without codes", .v5, frame(0xB0, "0001 00"), "without a reason code"),
    MalformedFixture("UNSUBACK with a QoS", .v5, frame(0xB0, "0001 00 01"), "reason code"),
  ]

  static let others: [MalformedFixture] = [
    MalformedFixture("PINGREQ with a body", .v3_1_1, frame(0xC0, "00"), "after the end"),
    MalformedFixture("PINGRESP with a body", .v5, frame(0xD0, "00"), "after the end"),
    MalformedFixture("DISCONNECT with a body", .v3_1_1, frame(0xE0, "00"), "after the end"),
    MalformedFixture("DISCONNECT flags", .v3_1_1, [0xE1, 0], "reserved flags"),
    MalformedFixture("DISCONNECT with a code of PUBACK", .v5, frame(0xE0, "10"), "reason code"),
    MalformedFixture("DISCONNECT with Will Delay", .v5, frame(0xE0, "00 05 18 00000000"), "not allowed"),
    MalformedFixture("AUTH in 3.1.1", .v3_1_1, [0xF0, 0], "not a packet of this version"),
    MalformedFixture("AUTH of another code", .v5, frame(0xF0, "01 00"), "reason code"),
    MalformedFixture("AUTH without property length", .v5, frame(0xF0, "18"), "inside a field"),
    MalformedFixture("AUTH without method", .v5, frame(0xF0, "18 00"), "Authentication Method", .protocolError),
  ]
}

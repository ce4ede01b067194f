import MQTTProtocol

/// What MQTT 3.1 allows and later versions do not, in those; and what not even 3.1 allows.
extension MalformedFixture {
  static let mqtt31: [MalformedFixture] = [
    MalformedFixture("PUBREL sent again, 3.1.1", .v3_1_1, frame(0x6A, "0005"), "reserved flags"),
    MalformedFixture("PUBREL sent again, 5", .v5, frame(0x6A, "0005"), "reserved flags"),
    MalformedFixture("SUBSCRIBE sent again, 3.1.1", .v3_1_1, frame(0x8A, "0001 0001 'a' 00"), "reserved flags"),
    MalformedFixture("SUBSCRIBE sent again, 5", .v5, frame(0x8A, "0001 00 0001 'a' 00"), "reserved flags"),
    MalformedFixture("UNSUBSCRIBE sent again, 3.1.1", .v3_1_1, frame(0xAA, "0001 0001 'a'"), "reserved flags"),
    MalformedFixture("UNSUBSCRIBE sent again, 5", .v5, frame(0xAA, "0001 00 0001 'a'"), "reserved flags"),
    MalformedFixture("PUBACK sent again, 3.1", .v3_1, frame(0x48, "0005"), "reserved flags"),
    MalformedFixture("PUBREL with DUP alone, 3.1", .v3_1, frame(0x68, "0005"), "reserved flags"),
    MalformedFixture(
      "user name missing, 3.1.1", .v3_1_1, frame(0x10, "0004 'MQTT' 04 82 0000 0001 'c'"), "inside a field"),
    MalformedFixture(
      "password missing, 3.1.1", .v3_1_1, frame(0x10, "0004 'MQTT' 04 C2 0000 0001 'c' 0001 'u'"), "inside a field"),
    MalformedFixture(
      "user name missing, 5", .v5, frame(0x10, "0004 'MQTT' 05 82 0000 00 0001 'c'"), "inside a field"),
    MalformedFixture(
      "password missing, 5", .v5, frame(0x10, "0004 'MQTT' 05 42 0000 00 0001 'c'"), "inside a field"),
    MalformedFixture(
      "half the length of a user name, 3.1", .v3_1, frame(0x10, "0006 'MQIsdp' 03 82 0000 0001 'c' 00"),
      "inside a field"),
    MalformedFixture(
      "user name cut, 3.1", .v3_1, frame(0x10, "0006 'MQIsdp' 03 82 0000 0001 'c' 0002 'u'"), "inside a field"),
    MalformedFixture(
      "password cut, 3.1", .v3_1, frame(0x10, "0006 'MQIsdp' 03 C2 0000 0001 'c' 0001 'u' 0002 'p'"),
      "inside a field"),
    MalformedFixture(
      "client identifier missing, 3.1", .v3_1, frame(0x10, "0006 'MQIsdp' 03 82 0000"), "inside a field"),
    MalformedFixture(
      "will missing, 3.1", .v3_1, frame(0x10, "0006 'MQIsdp' 03 86 0000 0001 'c'"), "inside a field"),
    MalformedFixture(
      "password without user name, 3.1", .v3_1, frame(0x10, "0006 'MQIsdp' 03 42 0000 0001 'c'"),
      "password without user name"),
    MalformedFixture(
      "bytes after the password, 3.1", .v3_1, frame(0x10, "0006 'MQIsdp' 03 82 0000 0001 'c' 0001 'u' 00"),
      "after the end"),
  ]
}

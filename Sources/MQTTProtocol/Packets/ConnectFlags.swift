/// The Connect Flags byte (MQTT 5.0 §3.1.2.3).
struct ConnectFlags: OptionSet {
  let rawValue: UInt8

  static var reserved: Self { Self(rawValue: 1 << 0) }
  static var cleanStart: Self { Self(rawValue: 1 << 1) }
  static var will: Self { Self(rawValue: 1 << 2) }
  static var willRetain: Self { Self(rawValue: 1 << 5) }
  static var password: Self { Self(rawValue: 1 << 6) }
  static var userName: Self { Self(rawValue: 1 << 7) }

  /// The two bits of Will QoS; nil for the value 3.
  var willQoS: QoS? { QoS(rawValue: rawValue >> 3 & 0b11) }

  /// Refuses flags that contradict each other.
  func validate(version: ProtocolVersion) throws(MQTTDecodeError) {
    if contains(.reserved) { throw .malformed("reserved connect flag is set") }  // [MQTT-3.1.2-3]
    guard let willQoS else { throw .malformed("Will QoS is 3") }  // [MQTT-3.1.2-12]
    if !contains(.will), willQoS != .atMostOnce || contains(.willRetain) {
      throw .malformed("Will QoS or Will Retain without Will Flag")  // [MQTT-3.1.2-11], [MQTT-3.1.2-13]
    }
    if version != .v5, contains(.password), !contains(.userName) {
      throw .malformed("password without user name")  // MQTT 3.1.1 [MQTT-3.1.2-22]
    }
  }
}

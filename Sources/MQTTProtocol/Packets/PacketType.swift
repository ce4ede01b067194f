/// A control packet's type: the high four bits of its first byte (MQTT 5.0 §2.1.2).
package enum PacketType: UInt8, Sendable, CaseIterable {
  case connect = 1
  case connack = 2
  case publish = 3
  case puback = 4
  case pubrec = 5
  case pubrel = 6
  case pubcomp = 7
  case subscribe = 8
  case suback = 9
  case unsubscribe = 10
  case unsuback = 11
  case pingreq = 12
  case pingresp = 13
  case disconnect = 14
  case auth = 15

  /// DUP among the flags: the packet is sent again.
  static var duplicateFlag: UInt8 { 0b1000 }

  /// The flags that every packet of this type carries, but PUBLISH (MQTT 5.0 §2.1.3).
  @inline(__always)
  var reservedFlags: UInt8 {
    switch self {
    case .pubrel, .subscribe, .unsubscribe: 0b0010
    default: 0
    }
  }

  /// Whether the fixed header of this type may carry `flags` in any version (MQTT 5.0 §2.1.3).
  @inline(__always)
  func allows(flags: UInt8) -> Bool {
    guard self == .publish else { return flags == reservedFlags || allowsDuplicate(flags: flags) }
    let qos = flags & 0b0110
    // [MQTT-3.3.1-4] forbids QoS 3, [MQTT-3.3.1-2] DUP at QoS 0.
    return qos != 0b0110 && (qos != 0 || flags & Self.duplicateFlag == 0)
  }

  /// Whether `flags` are those of PUBREL, SUBSCRIBE or UNSUBSCRIBE sent again, as in MQTT 3.1 alone (MQTT 3.1 §2.1).
  @inline(never)  // Hardly any packet gets here; inline, every PUBLISH pays for it.
  private func allowsDuplicate(flags: UInt8) -> Bool {
    reservedFlags != 0 && flags == reservedFlags | Self.duplicateFlag
  }
}

internal import CMosquitto

/// A reason code of MQTT 5 (§2.4), or the return code of an MQTT 3.1.1 CONNACK.
package struct MosquittoReasonCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  package var rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let success = Self(rawValue: 0x00)
  package static let badUserNameOrPassword = Self(rawValue: 0x86)
  package static let notAuthorized = Self(rawValue: 0x87)
  package static let sessionTakenOver = Self(rawValue: 0x8E)
  package static let topicNameInvalid = Self(rawValue: 0x90)
  package static let packetTooLarge = Self(rawValue: 0x95)
  package static let quotaExceeded = Self(rawValue: 0x97)
  package static let payloadFormatInvalid = Self(rawValue: 0x99)

  /// Codes of 0x80 and above mean that the packet was refused (MQTT 5.0 §2.4).
  package var isFailure: Bool { rawValue >= 0x80 }

  /// The specification's name and the code: `Not authorized (0x87)`.
  package var description: String {
    let name = mosquitto_reason_string(Int32(rawValue)).map { String(cString: $0) } ?? "Unknown reason"
    let hex = String(rawValue, radix: 16, uppercase: true)
    return "\(name) (0x\(hex.count < 2 ? "0" : "")\(hex))"
  }
}

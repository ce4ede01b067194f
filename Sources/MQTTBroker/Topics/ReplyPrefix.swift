/// The topics on which one client gets answers to its requests: Response Information (MQTT 5.0 §3.2.2.3.15).
package enum ReplyPrefix {
  /// `v1/replies/` and the client identifier, in which what is no part of a device's name stands as `%` and two
  /// hexadecimal digits, so that it is one level without wildcards.
  package static func prefix(for clientIdentifier: String) -> String {
    var prefix = "v1/replies/"
    for byte in clientIdentifier.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
        UInt8(ascii: "-"):
        prefix.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        prefix += byte < 16 ? "%0" : "%"
        prefix += String(byte, radix: 16, uppercase: true)
      }
    }
    return prefix
  }
}

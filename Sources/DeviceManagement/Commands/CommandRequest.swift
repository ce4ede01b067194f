/// What an operator asks for: `{"name":"…","arguments":{…},"ttl_s":60}`.
package struct CommandRequest: Sendable, Equatable {
  package var name: String
  /// A JSON object; nil is an empty one.
  package var arguments: JSONValue?
  /// Milliseconds; nil is the default.
  package var timeToLive: Int64?

  package init(name: String, arguments: JSONValue? = nil, timeToLive: Int64? = nil) {
    self.name = name
    self.arguments = arguments
    self.timeToLive = timeToLive
  }

  /// The arguments as they are kept, once everything is within its limits.
  func validated(_ limits: DeviceManagementLimits) throws(CommandError) -> [UInt8] {
    guard Self.isName(name, maximumBytes: limits.maximumCommandNameBytes) else {
      let shown = String(decoding: name.utf8.prefix(limits.maximumCommandNameBytes), as: UTF8.self)
      throw .invalidName(shown, maximumBytes: limits.maximumCommandNameBytes)
    }
    if let timeToLive, timeToLive < 1 || timeToLive > limits.maximumTimeToLive {
      throw .invalidTimeToLive(timeToLive, limit: limits.maximumTimeToLive)
    }
    let arguments = arguments ?? .object([])
    guard case .object = arguments else {
      throw .invalidArguments(reason: "expected an object, found \(arguments.kind)")
    }
    let encoded = arguments.encoded
    guard encoded.count <= limits.maximumArgumentsBytes else {
      throw .argumentsTooLarge(bytes: encoded.count, limit: limits.maximumArgumentsBytes)
    }
    return encoded
  }

  /// A command's name is written with the letters of a device's name.
  private static func isName(_ name: String, maximumBytes: Int) -> Bool {
    let bytes = name.utf8
    return !bytes.isEmpty && bytes.count <= maximumBytes
      && bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}

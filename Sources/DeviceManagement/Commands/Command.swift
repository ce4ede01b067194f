/// One request to a device, with everything known of what became of it.
package struct Command: Sendable, Equatable {
  /// A state, since when, and how the hub knows.
  package struct Transition: Sendable, Equatable {
    package let state: CommandState
    /// Unix milliseconds.
    package let time: Int64
    package let evidence: String
  }

  /// 26 characters of `0-9 A-Z`: sorts by creation and cannot be guessed.
  package let id: String
  package let device: String
  package let name: String
  /// A JSON object without white space.
  package let arguments: [UInt8]
  /// Unix milliseconds.
  package let createdAt: Int64
  /// Unix milliseconds; a device does not begin it from then on.
  package let notAfter: Int64
  package internal(set) var state: CommandState
  /// Oldest first; the last one is `state`'s.
  package internal(set) var transitions: [Transition]
  /// A JSON value without white space.
  package internal(set) var result: [UInt8]?
  package internal(set) var error: String?
  /// From 0 to 1, by the device's word.
  package internal(set) var progress: Double?
  /// Unix milliseconds: when an open command is given up.
  var deadline: Int64

  /// Bytes of it that its sender and its device chose.
  var bytes: Int {
    device.utf8.count + name.utf8.count + arguments.count + (result?.count ?? 0) + (error?.utf8.count ?? 0)
  }
}

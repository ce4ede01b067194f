/// What the hub knows of a device beside its readings and commands, at one moment.
package struct DeviceRecord: Sendable, Equatable {
  /// The end of the last session.
  package struct Disconnection: Sendable, Equatable {
    /// Unix milliseconds.
    package let time: Int64
    package let reason: String
  }

  /// The device's own word on its `status` topic.
  package struct Status: Sendable, Equatable {
    package let text: String
    /// Unix milliseconds.
    package let time: Int64
  }

  package let name: String
  /// Unix milliseconds.
  package let firstSeen: Int64
  /// Unix milliseconds.
  package internal(set) var lastSeen: Int64
  /// Live sessions, oldest first.
  package internal(set) var connections: [DeviceConnection] = []
  package internal(set) var lastDisconnection: Disconnection?
  /// A JSON value without white space.
  package internal(set) var attributes: [UInt8]?
  package internal(set) var status: Status?
  /// It subscribes to its commands now.
  package internal(set) var awaitsCommands = false
  package internal(set) var counts = DeviceCounts()

  /// It behaves as a device, and is not just some client that is connected.
  package var actsAsDevice: Bool {
    attributes != nil || status != nil || awaitsCommands || counts.messages > 0
  }

  /// Bytes of it that the device chose.
  var bytes: Int { (attributes?.count ?? 0) + (status?.text.utf8.count ?? 0) }
}

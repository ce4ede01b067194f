/// Every bound of this module, with what happens at the limit.
package struct DeviceManagementLimits: Sendable {
  /// Commands kept in total, final ones for their history. At the limit the oldest final one is forgotten; where none
  /// is final a new command is refused.
  package var maximumCommands = 10_000
  /// Commands kept for one device, final ones included; at the limit its oldest final one is forgotten.
  package var maximumCommandsPerDevice = 256
  /// Commands of one device that are not final; at the limit a new one is refused.
  package var maximumOpenCommandsPerDevice = 64
  /// Arguments and results of all commands, in bytes; at the limit the oldest final commands are forgotten.
  package var maximumCommandBytes = 16 * 1024 * 1024
  /// A command's name, in bytes; a longer one is refused.
  package var maximumCommandNameBytes = 64
  /// A command's arguments as compact JSON, in bytes; longer ones are refused.
  package var maximumArgumentsBytes = 64 * 1024
  /// A result message, in bytes; a longer one is not read and is told as unreadable.
  package var maximumResultBytes = 64 * 1024
  /// Transitions kept of one command; at the limit the oldest after its creation is forgotten.
  package var maximumTransitions = 32
  /// Life of a command whose sender names none, in milliseconds.
  package var defaultTimeToLive: Int64 = 60_000
  /// Longest life of a command, in milliseconds; a longer one is refused.
  package var maximumTimeToLive: Int64 = 7 * 24 * 3_600_000
  /// Callers waiting for commands to become final; one more is answered at once with the state so far.
  package var maximumWaiters = 4_096
  /// Longest wait for a command, in milliseconds; a longer one is refused at the door.
  package var maximumWait: Int64 = 60_000

  /// Devices known; at the limit those not connected that were seen longest ago are forgotten.
  package var maximumDevices = 20_000
  /// Live connections remembered of one device; more are counted as one.
  package var maximumConnectionsPerDevice = 8
  /// Attributes of one device as compact JSON, in bytes; longer ones are refused.
  package var maximumAttributesBytes = 64 * 1024
  /// Attributes and states of all devices, in bytes; at the limit further ones are refused.
  package var maximumRegistryBytes = 16 * 1024 * 1024
  /// A device's own word on its `status` topic, in bytes; a longer one is refused.
  package var maximumStatusBytes = 256
  /// Devices that the statistics name for values without a series.
  package var culpritsShown = 10

  /// Nesting of JSON read here; deeper is malformed.
  package var maximumJSONDepth = 32

  package init() {}
}

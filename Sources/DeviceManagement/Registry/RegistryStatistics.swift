/// What the registry holds and has forgotten.
package struct RegistryStatistics: Sendable, Equatable {
  package let devices: Int
  /// Devices with a live session.
  package let connected: Int
  /// Bytes of attributes and states.
  package let bytes: Int
  /// Devices forgotten at the limit.
  package let forgotten: Int
}

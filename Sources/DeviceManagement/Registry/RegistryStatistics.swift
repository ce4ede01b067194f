/// What the registry holds and has forgotten.
package struct RegistryStatistics: Sendable {
  package let devices: Int
  /// Devices with a live session.
  package let connected: Int
  /// Bytes of attributes and states.
  package let bytes: Int
  /// Devices forgotten at the limit.
  package let forgotten: Int
  /// The devices of which most values got no series, at most `DeviceManagementLimits.culpritsShown`, the worst first.
  package let withoutSeries: [(device: String, values: Int)]
}

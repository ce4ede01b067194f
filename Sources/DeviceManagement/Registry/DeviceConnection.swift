/// A live session of a device.
package struct DeviceConnection: Sendable, Equatable {
  package let clientIdentifier: String
  /// As shown: "MQTT 5.0".
  package let protocolName: String
  /// Unix milliseconds.
  package let since: Int64

  package init(clientIdentifier: String, protocolName: String, since: Int64) {
    self.clientIdentifier = clientIdentifier
    self.protocolName = protocolName
    self.since = since
  }
}

/// Who a connection speaks for.
package enum Principal: Equatable, Sendable {
  /// Nobody was asked (`auth = "none"`, loopback only): may be any device and an operator; `me` is the client
  /// identifier, where that is a device name.
  case anonymous(clientIdentifier: String)
  /// One device, and nothing but that device.
  case device(String)
  /// Whoever watches and commands.
  case `operator`(String)
  /// The hub itself.
  case hub

  /// What `me` stands for; nil where it stands for no device.
  package var deviceName: String? {
    switch self {
    case .anonymous(let clientIdentifier): DeviceName.isValid(clientIdentifier) ? clientIdentifier : nil
    case .device(let name): name
    case .operator, .hub: nil
    }
  }
}

/// Why a device's readings cannot be taken at all.
package enum IngestRefusal: Error, Sendable, Equatable {
  /// Not 1-64 of `A-Z a-z 0-9 . _ : -`, or reserved.
  case invalidDeviceName
  /// The store knows as many devices as it may.
  case tooManyDevices(limit: Int)
}

extension IngestRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidDeviceName: "invalid device name: expected 1-64 of A-Z a-z 0-9 . _ : -, not me, . or .."
    case .tooManyDevices(let limit): "too many devices: the limit is \(limit)"
    }
  }
}

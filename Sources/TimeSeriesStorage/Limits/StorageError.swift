/// Why a name got no place in the store.
package enum StorageError: Error, Equatable, Sendable {
  case tooManyDevices(limit: Int)
  case tooManySeries(limit: Int)
  case tooManySeriesOfDevice(limit: Int)
  case invalidDeviceName
  case invalidMetricName
  /// The id was not handed out by this store.
  case unknownDevice
}

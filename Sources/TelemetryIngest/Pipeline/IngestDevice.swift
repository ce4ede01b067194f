package import TimeSeriesStorage

/// A device as one pipeline knows it: its place in the store, and the keys it uses, so that the same keys lead to the
/// same series without hashing.
///
/// Belongs to the event loop of the pipeline that made it.
package final class IngestDevice {
  package let name: String
  package let id: DeviceID
  /// Messages accepted from this device by this pipeline.
  @exclusivity(unchecked) package internal(set) var messages: UInt64 = 0
  /// Times of this device that were replaced by the time of receipt: its clock is wrong.
  package internal(set) var redatedTimestamps: UInt64 = 0
  let keys: UnsafeMutablePointer<KeyTree>
  /// What of `keys` the pipeline has counted.
  @exclusivity(unchecked) var countedNodes: Int
  var countedBytes = 0

  init(name: String, id: DeviceID, maximumMetricBytes: Int) {
    self.name = name
    self.id = id
    keys = .allocate(capacity: 1)
    keys.initialize(to: KeyTree(maximumPathBytes: maximumMetricBytes))
    countedNodes = keys.pointee.nodeCount
  }

  deinit {
    keys.deinitialize(count: 1)
    keys.deallocate()
  }
}

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
  /// What was left out of its messages, or changed, and has not been reported yet.
  package struct Unreported {
    package init() {}

    /// Times that were replaced by the time of receipt: its clock is wrong.
    package var redatedTimestamps = 0
    /// Readings that were too old.
    package var tooOld = 0
    /// Values whose metric got no series.
    package var withoutSeries = 0
  }

  /// For whoever reports it, and then begins anew.
  package var unreported = Unreported()
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

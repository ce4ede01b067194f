/// Every bound of the store, in one place.
package struct StorageLimits: Sendable, Equatable {
  /// Bytes of all readings in memory, unused capacity and texts included. Beyond it the oldest readings of the device that
  /// uses most are evicted; with an archive only those that are persisted.
  package var memoryBytes: Int
  /// Sealed blocks of a shard, one of sixteen, that lie raw because late readings came to them; beyond it, or when memory is
  /// short, the one that has rested longest is made a chunk again.
  package var maximumUnsealedBlocks: Int
  /// Devices; a further one is refused with `StorageError.tooManyDevices`.
  package var maximumDevices: Int
  /// Series of all devices together, each about 500 bytes of names and tables beside `memoryBytes`; a further one is refused with `StorageError.tooManySeries`.
  package var maximumSeries: Int
  /// Series of one device; a further one is refused with `StorageError.tooManySeriesOfDevice`.
  package var maximumSeriesPerDevice: Int
  /// Bytes of UTF-8 of a text value; a longer one is not stored.
  package var maximumTextBytes: Int
  /// Bytes of UTF-8 of a metric's name.
  package var maximumMetricBytes: Int
  /// Bytes of a device's name.
  package var maximumDeviceNameBytes: Int
  /// Milliseconds; a reading older than this at its receipt is refused.
  package var rawRetention: Int64

  package init(
    memoryBytes: Int = 64 << 20,
    maximumUnsealedBlocks: Int = 8_192,
    maximumDevices: Int = 20_000,
    maximumSeries: Int = 100_000,
    maximumSeriesPerDevice: Int = 1_000,
    maximumTextBytes: Int = 256,
    maximumMetricBytes: Int = 128,
    maximumDeviceNameBytes: Int = 64,
    rawRetention: Int64 = 35 * 86_400_000
  ) {
    self.memoryBytes = memoryBytes
    self.maximumUnsealedBlocks = maximumUnsealedBlocks
    self.maximumDevices = maximumDevices
    self.maximumSeries = maximumSeries
    self.maximumSeriesPerDevice = maximumSeriesPerDevice
    self.maximumTextBytes = maximumTextBytes
    self.maximumMetricBytes = maximumMetricBytes
    self.maximumDeviceNameBytes = maximumDeviceNameBytes
    self.rawRetention = rawRetention
  }
}

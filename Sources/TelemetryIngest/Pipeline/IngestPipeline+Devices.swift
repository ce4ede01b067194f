import TimeSeriesStorage

/// The devices that one pipeline knows, bounded in number and in memory.
struct DeviceCache {
  /// By a hash of the name, seeded a process; the name decides.
  var byHash: [Int: IngestDevice] = [:]
  /// Those that use more memory than an empty one.
  var learned: [IngestDevice] = []
  /// Memory of those.
  var bytes = 0
}

extension IngestPipeline {
  /// The device of that name, found in the store or added to it.
  package func device(named name: UnsafeRawBufferPointer) throws(IngestRefusal) -> IngestDevice {
    var hasher = Hasher()
    hasher.combine(bytes: name)
    let hash = hasher.finalize()
    if let known = devices.byHash[hash], known.name.utf8.elementsEqual(name) { return known }
    let id: DeviceID
    do throws(StorageError) {
      id = try store.device(named: name)
    } catch {
      if case .tooManyDevices(let limit) = error { throw .tooManyDevices(limit: limit) }
      throw .invalidDeviceName
    }
    let device = IngestDevice(
      name: String(decoding: name, as: UTF8.self), id: id, maximumMetricBytes: limits.maximumMetricBytes)
    if devices.byHash.count >= limits.maximumCachedDevices { devices.byHash.removeAll() }
    devices.byHash[hash] = device
    return device
  }

  /// After each message: counts what the device's keys take, and has all forgotten where it is too much.
  @inline(__always)
  func learned(_ device: IngestDevice) {
    if device.keys.pointee.nodeCount != device.countedNodes { count(device) }
  }

  @inline(never)
  private func count(_ device: IngestDevice) {
    if device.countedBytes == 0 { devices.learned.append(device) }
    let bytes = device.keys.pointee.bytes
    devices.bytes += bytes - device.countedBytes
    device.countedBytes = bytes
    device.countedNodes = device.keys.pointee.nodeCount
    guard devices.bytes > limits.maximumCacheBytes else { return }
    for device in devices.learned {
      device.keys.pointee.forget()
      device.countedNodes = device.keys.pointee.nodeCount
      device.countedBytes = 0
    }
    devices.learned.removeAll()
    devices.bytes = 0
  }
}

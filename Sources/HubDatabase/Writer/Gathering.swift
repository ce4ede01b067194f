import Durability

/// What waits for the next commit.
struct Gathering {
  var readings = GatheredReadings()
  var records: [CommitRecord] = []
  /// Bytes that the records count for.
  var recordBytes = 0
  /// The last sequence that was given out.
  var lastSequence: UInt64 = 0
  /// When it has to be committed (`MonotonicClock`); nil while it is empty.
  var dueAt: Int64?

  var isEmpty: Bool { readings.isEmpty && records.isEmpty }

  var byteCount: Int { readings.byteCount + recordBytes }

  mutating func wants(commitAt time: Int64) {
    dueAt = min(dueAt ?? .max, time)
  }

  mutating func removeAll() {
    readings.removeAll()
    records.removeAll(keepingCapacity: records.capacity <= 4_096)
    recordBytes = 0
    dueAt = nil
  }
}

extension CommitRecord {
  /// Bytes of memory, about.
  var byteCount: Int {
    switch self {
    case .broker(let records): records.byteCount
    case .command(let id, let state): 64 + id.utf8.count + state.count
    case .device(let name, let fact): 64 + name.utf8.count + fact.count
    }
  }
}

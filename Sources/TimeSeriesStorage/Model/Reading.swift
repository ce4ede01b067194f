/// A value as it was measured.
package enum Value: Sendable, Equatable {
  case number(Double)
  case boolean(Bool)
  /// At most `StorageLimits.maximumTextBytes` bytes of UTF-8.
  case text(String)
}

/// One measured value of a series.
package struct Reading: Sendable, Equatable {
  /// Unix milliseconds.
  package var time: Int64
  package var value: Value

  package init(time: Int64, value: Value) {
    self.time = time
    self.value = value
  }
}

/// A device's place in the store; valid for the life of the store.
package struct DeviceID: Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A series' (device + metric) place in the store; valid for the life of the store.
package struct SeriesID: Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
}

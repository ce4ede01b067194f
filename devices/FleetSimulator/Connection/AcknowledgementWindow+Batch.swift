extension AcknowledgementWindow {
  /// Takes the PUBACKs at the front of `bytes` that say success in the shortest form, four bytes each.
  ///
  /// It stops at whatever is not one of those, or acknowledges nothing in flight.
  /// - Returns: How many it took.
  mutating func acknowledgeFront(
    of bytes: UnsafeRawBufferPointer, at now: Int64, into histogram: inout LatencyHistogram
  ) -> Int {
    var count = 0
    var offset = 0
    while offset &+ 4 <= bytes.count {
      let packet = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      // PUBACK with a remaining length of two [MQTT 5.0 §3.4.2.1: without a reason code it is success].
      guard packet >> 16 == 0x4002, let time = acknowledge(UInt16(truncatingIfNeeded: packet)) else { break }
      histogram.record(now &- time)
      count &+= 1
      offset &+= 4
    }
    return count
  }
}

import TimeSeriesStorage

/// Keys and topic levels on their way to a metric's name.
enum MetricKey {
  /// Writes the key with every run of bytes that may not stand in a metric's name as one `_`.
  ///
  /// Never writes more than it reads. Where the key is topic `levels`, their separator becomes a dot.
  static func normalize(
    _ key: UnsafeRawBufferPointer, levels: Bool, to output: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var written = 0
    var isInRun = false
    var index = 0
    while index < key.count {
      let byte = key[index]
      if levels, byte == UInt8(ascii: "/") {
        output[written] = UInt8(ascii: ".")
        written += 1
        isInRun = false
        index += 1
        continue
      }
      let isC1Control = index + 1 < key.count && MetricName.isC1Control(key[index + 1], after: byte)
      if isC1Control || MetricName.isForbidden(byte) {
        if !isInRun {
          output[written] = UInt8(ascii: "_")
          written += 1
        }
        isInRun = true
        index += isC1Control ? 2 : 1
        continue
      }
      output[written] = byte
      written += 1
      isInRun = false
      index += 1
    }
    return written
  }
}

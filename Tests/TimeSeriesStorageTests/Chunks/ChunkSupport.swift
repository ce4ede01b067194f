@testable import TimeSeriesStorage

/// A chunk's readings as a test compares them.
struct ChunkReadings: Equatable {
  var times: [Int64]
  var values: [UInt64]

  init(_ times: [Int64], _ values: [UInt64]) {
    self.times = times
    self.values = values
  }

  init(_ times: [Int64], _ values: [Double]) { self.init(times, values.map(\.bitPattern)) }

  var encoded: [UInt8] {
    times.withUnsafeBufferPointer { times in
      values.withUnsafeBufferPointer { values in
        ChunkEncoder.encode(ChunkColumns(times: times, values: values), kind: .number)
      }
    }
  }

  static func decoded(_ bytes: [UInt8]) throws(ChunkFault) -> ChunkReadings {
    let decoded: Result<ChunkReadings, ChunkFault> = bytes.withUnsafeBytes { bytes in
      do throws(ChunkFault) {
        let (header, end) = try ChunkHeader.read(bytes)
        var readings = ChunkReadings(
          Array(repeating: 0, count: header.summary.count), Array(repeating: UInt64(0), count: header.summary.count))
        try readings.fill(header, end, bytes)
        return .success(readings)
      } catch {
        return .failure(error)
      }
    }
    return try decoded.get()
  }

  private mutating func fill(
    _ header: ChunkHeader, _ end: Int, _ bytes: UnsafeRawBufferPointer
  ) throws(ChunkFault) {
    let result: Result<Void, ChunkFault> = times.withUnsafeMutableBufferPointer { times in
      values.withUnsafeMutableBufferPointer { values in
        guard let times = times.baseAddress, let values = values.baseAddress else { return .success(()) }
        do throws(ChunkFault) {
          try ChunkDecoder.decode(header, bitsFrom: end, of: bytes, times: times, values: values)
          return .success(())
        } catch {
          return .failure(error)
        }
      }
    }
    try result.get()
  }
}

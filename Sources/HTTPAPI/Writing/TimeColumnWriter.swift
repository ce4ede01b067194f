import Glibc

/// Writes the times of one series after the other. Series whose windows or readings have the same times have the same text.
struct TimeColumnWriter {
  /// A part of a series, as it was written.
  private struct Part {
    var times: [Int64]
    var text: [UInt8]

    /// Compared as bytes, which is many times faster than as numbers.
    func has(_ other: UnsafeBufferPointer<Int64>) -> Bool {
      guard times.count == other.count, let start = other.baseAddress else { return false }
      return times.withUnsafeBytes { memcmp($0.baseAddress.unsafelyUnwrapped, start, $0.count) == 0 }
    }
  }

  /// Parts that are kept to be compared with the next series.
  private static let keptParts = 16

  private var former: [Part] = []
  private var number = 0
  private var time = UnixTimeText()

  /// Writes a part, with a comma before every time but the first of a series.
  mutating func write(_ times: UnsafeBufferPointer<Int64>, isFirst: Bool, to json: inout JSONWriter) {
    number = isFirst ? 0 : number + 1
    if number < former.count, former[number].has(times) {
      json.fragment(former[number].text)
      return
    }
    let start = json.count
    var time = time
    json.withRoom(times.count * (UnixTimeText.maximumBytes + 1)) { bytes in
      var end = bytes
      for (index, one) in times.enumerated() {
        if index > 0 || !isFirst {
          end.storeBytes(of: UInt8(ascii: ","), as: UInt8.self)
          end += 1
        }
        end += time.write(one, to: end)
      }
      return end - bytes
    }
    self.time = time
    keep(times, json.bytes(from: start))
  }

  private mutating func keep(_ times: UnsafeBufferPointer<Int64>, _ text: [UInt8]) {
    guard number < Self.keptParts else { return }
    // What came behind it belonged to another series.
    former.removeLast(max(0, former.count - number))
    former.append(Part(times: Array(times), text: text))
  }
}

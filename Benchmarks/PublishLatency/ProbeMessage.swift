/// The payload of a measured message: a JSON reading, so that a telemetry hub stores it as it would any other.
///
/// `{"sequence":17,"sent_ns":123456789}`: the time is that of the publisher's monotonic clock.
enum ProbeMessage {
  static func payload(sequence: Int, sentAt time: Int64) -> [UInt8] {
    Array("{\"sequence\":\(sequence),\"sent_ns\":\(time)}".utf8)
  }

  /// The sequence and the time that `payload` carries; `nil` where it is no message of ours.
  static func read(_ payload: [UInt8]) -> (sequence: Int, time: Int64)? {
    var numbers: [Int64] = []
    var number: Int64?
    for byte in payload {
      if byte >= 0x30, byte <= 0x39 {
        let (product, overflow) = (number ?? 0).multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int64(byte) - 0x30)
        guard !overflow, !carry else { return nil }
        number = sum
      } else if let whole = number {
        numbers.append(whole)
        number = nil
      }
    }
    guard numbers.count == 2 else { return nil }
    return (Int(numbers[0]), numbers[1])
  }
}

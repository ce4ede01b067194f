import DeviceManagement
import TelemetryQuery
import TimeSeriesStorage

/// Writes JSON (RFC 8259) without white space into bytes; commas come by themselves.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 1_024) { bytes.reserveCapacity(capacity) }

  /// Gives the bytes away and begins anew.
  mutating func take() -> [UInt8] {
    defer {
      bytes = []
    }
    return bytes
  }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func object(_ members: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    members(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  mutating func array(_ elements: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "["))
    elements(&self)
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  mutating func string(_ text: String) {
    separate()
    JSONValue.encode(text, into: &bytes)
  }

  mutating func boolean(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  mutating func integer(_ value: some BinaryInteger) {
    separate()
    DecimalText.append(Int64(clamping: value), to: &bytes)
  }

  /// What JSON cannot say (NaN, infinity) is null.
  mutating func number(_ value: Double) {
    separate()
    if value.isFinite {
      DecimalText.append(value, to: &bytes)
    } else {
      bytes.append(contentsOf: "null".utf8)
    }
  }

  /// Unix milliseconds as RFC 3339.
  mutating func time(_ milliseconds: Int64) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    RFC3339.append(milliseconds, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func value(_ value: Value) {
    switch value {
    case .number(let number): self.number(number)
    case .boolean(let boolean): self.boolean(boolean)
    case .text(let text): string(text)
    }
  }

  /// A JSON value as it stands.
  mutating func raw(_ json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
  }

  /// Bytes that are part of one.
  mutating func fragment(_ json: [UInt8]) { bytes.append(contentsOf: json) }

  /// Bytes that `body` writes into memory with room for so many; it returns how many they are.
  mutating func append(maximumBytes: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumBytes) { buffer in
      guard let start = buffer.baseAddress else { return }
      bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: body(start)))
    }
  }

  /// What JSON cannot say (NaN, infinity) is null. Into memory with room for `DecimalText.maximumBytes`; returns how many
  /// bytes were written.
  @inline(__always)
  static func write(_ value: Double, to bytes: UnsafeMutablePointer<UInt8>, likelyDecimals: inout Int) -> Int {
    guard value.isFinite else {
      for (index, byte) in "null".utf8.enumerated() { bytes[index] = byte }
      return 4
    }
    return DecimalText.write(value, to: bytes, likelyDecimals: &likelyDecimals)
  }

  /// The bytes themselves, for rows that are written flat.
  mutating func withBytes(_ body: (inout [UInt8]) -> Void) { body(&bytes) }

  mutating func newline() { bytes.append(0x0A) }

  /// A comma where a value or member ended before: no JSON value ends with one of these.
  private mutating func separate() {
    switch bytes.last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: ","), 0x0A: break
    default: bytes.append(UInt8(ascii: ","))
    }
  }
}

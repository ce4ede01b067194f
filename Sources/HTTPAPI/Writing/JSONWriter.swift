import DeviceManagement
import NIOCore
import TelemetryQuery
import TimeSeriesStorage

/// Writes JSON (RFC 8259) without white space into a buffer that goes to a connection as it is; commas come by themselves.
struct JSONWriter {
  /// What has been written.
  private(set) var buffer: ByteBuffer
  /// Where texts are made that are written byte by byte.
  private var text: [UInt8] = []

  init(capacity: Int = 1_024) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

  var count: Int { buffer.readableBytes }

  /// A copy of what has been written.
  var bytes: [UInt8] { Array(buffer.readableBytesView) }

  /// A copy of what has been written since there were `count` bytes.
  func bytes(from count: Int) -> [UInt8] { Array(buffer.readableBytesView[count...]) }

  /// Gives the buffer away and begins anew.
  mutating func take() -> ByteBuffer {
    defer { buffer = ByteBuffer() }
    return buffer
  }

  /// Begins anew in the same memory, if nobody else has it still.
  mutating func removeAll() { buffer.clear() }

  mutating func object(_ members: (inout JSONWriter) -> Void) {
    separate()
    append(UInt8(ascii: "{"))
    members(&self)
    append(UInt8(ascii: "}"))
  }

  mutating func array(_ elements: (inout JSONWriter) -> Void) {
    separate()
    append(UInt8(ascii: "["))
    elements(&self)
    append(UInt8(ascii: "]"))
  }

  mutating func key(_ name: StaticString) {
    separate()
    append(UInt8(ascii: "\""))
    literal(name)
    append(UInt8(ascii: "\""))
    append(UInt8(ascii: ":"))
  }

  mutating func string(_ text: String) {
    separate()
    withBytes { JSONValue.encode(text, into: &$0) }
  }

  mutating func boolean(_ value: Bool) {
    separate()
    literal(value ? "true" : "false")
  }

  mutating func null() {
    separate()
    literal("null")
  }

  mutating func integer(_ value: some BinaryInteger) {
    separate()
    withRoom(DecimalText.maximumBytes) { DecimalText.write(Int64(clamping: value), to: $0) }
  }

  /// What JSON cannot say (NaN, infinity) is null.
  mutating func number(_ value: Double) {
    separate()
    if value.isFinite {
      var decimals = 0
      withRoom(DecimalText.maximumBytes) { DecimalText.write(value, to: $0, likelyDecimals: &decimals) }
    } else {
      literal("null")
    }
  }

  /// Unix milliseconds as RFC 3339.
  mutating func time(_ milliseconds: Int64) {
    separate()
    append(UInt8(ascii: "\""))
    RFC3339.withBytes(of: milliseconds) { _ = buffer.writeBytes($0) }
    append(UInt8(ascii: "\""))
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
    fragment(json)
  }

  /// Bytes that are part of one.
  mutating func fragment(_ json: [UInt8]) { buffer.writeBytes(json) }

  /// As `fragment`, of text that is known before.
  mutating func literal(_ json: StaticString) {
    json.withUTF8Buffer { _ = buffer.writeBytes(UnsafeRawBufferPointer($0)) }
  }

  /// Lends memory for `count` bytes; `body` says how many it has written there, from the start.
  mutating func withRoom(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Int) {
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { $0.baseAddress.map(body) ?? 0 }
  }

  /// What JSON cannot say (NaN, infinity) is null. Into memory with room for `DecimalText.maximumBytes`; returns how many
  /// bytes were written.
  @inline(__always)
  static func write(_ value: Double, to bytes: UnsafeMutableRawPointer, likelyDecimals: inout Int) -> Int {
    guard value.isFinite else {
      bytes.copyMemory(from: "null", byteCount: 4)
      return 4
    }
    return DecimalText.write(value, to: bytes, likelyDecimals: &likelyDecimals)
  }

  /// Appends what `body` appends to an array.
  mutating func withBytes(_ body: (inout [UInt8]) -> Void) {
    text.removeAll(keepingCapacity: true)
    body(&text)
    buffer.writeBytes(text)
  }

  mutating func newline() { append(0x0A) }

  private mutating func append(_ byte: UInt8) { buffer.writeInteger(byte) }

  /// A comma where a value or member ended before: no JSON value ends with one of these.
  private mutating func separate() {
    let last: UInt8? = buffer.readableBytes == 0 ? nil : buffer.getInteger(at: buffer.writerIndex - 1)
    switch last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: ","), 0x0A: break
    default: append(UInt8(ascii: ","))
    }
  }
}

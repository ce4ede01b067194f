import Testing

@testable import TelemetryIngest

@Suite struct JSONStringTests {
  func string(_ text: String) -> String? {
    withBytes(of: text) { payload in
      do throws(DeadLetterReason) {
        var reader = try JSONReader(payload, maximumDepth: 1)
        let string = try reader.string()
        try reader.end()
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: string.count) { buffer in
          guard let base = buffer.baseAddress else { return "" }
          let count = reader.unescape(string, to: base)
          #expect(count <= string.count)
          #expect(string.isEscaped == text.contains("\\"))
          return String(decoding: buffer[..<count], as: UTF8.self)
        }
      } catch {
        return nil
      }
    }
  }

  @Test(arguments: [
    (#""""#, ""), (#""open""#, "open"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e4\u20AC""#, "Aä€"),
    (#""\ud83d\ude00""#, "😀"), (#""x\uD83C\uDF21y""#, "x🌡y"), (#""\u0000""#, "\u{0}"), (#""\\u0041""#, "\\u0041"),
    (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10FFFF}"), ("\"ä€😀\"", "ä€😀"),
    (#""\u007f\u0080\u07ff\u0800\uffff""#, "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}"),
  ])
  func isUnescaped(_ text: String, _ expected: String) { #expect(string(text) == expected) }

  /// Each byte at each place of the eight that are looked at together.
  @Test func everyByteAtEveryPlace() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<20 {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 20)
        bytes[place] = byte
        let isPlain = byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        let quote = [UInt8(ascii: "\"")]
        #expect((fault(quote + bytes + quote) == nil) == isPlain, "byte \(byte) at \(place)")
      }
    }
  }
}

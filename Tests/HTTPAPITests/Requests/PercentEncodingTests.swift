import Testing

@testable import HTTPAPI

@Suite struct PercentEncodingTests {
  @Test(
    arguments: [
      ("a", "a"), ("a+b", "a+b"), ("%41%c3%A9", "Aé"), ("%00", "\0"), ("%", nil), ("%4", nil), ("%4g", nil),
      ("%ff", nil), ("é", "é"),
    ] as [(String, String?)])
  func decodes(text: String, decoded: String?) {
    #expect(PercentEncoding.decode(text[...]) == decoded)
  }

  @Test(arguments: ["", "plain", "a b&c=d", "é/ü?#", "100%", "+", "\u{0}\n", "🙂"])
  func whatIsEncodedDecodes(text: String) {
    let encoded = PercentEncoding.encode(text)
    #expect(PercentEncoding.decode(encoded[...]) == text)
    #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: ">") })
  }
}

import DeviceAgentKit
import Testing

@Suite("JSON")
struct JSONTests {
  static let good: [(String, JSONValue)] = [
    ("null", nil), ("true", true), (" false ", false), ("0", 0), ("-0", 0), ("-7", -7), ("1.5", 1.5), ("1e3", 1000.0),
    ("1E-2", 0.01), ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9223372036854775808)),
    ("\"\"", ""), ("\"a\\n\\t\\\"\\\\\\/\\u0041\"", "a\n\t\"\\/A"), ("\"\\ud83d\\ude00\"", "😀"), ("\"é\"", "é"),
    ("[]", []), ("[ 1 , [2] ]", [1, [2]]), ("{}", [:]), ("{\"a\":{\"b\":[]}}", ["a": ["b": []]]),
    ("{\"a\":1,\"a\":2}", ["a": 2]),
  ]

  @Test("Read", arguments: good)
  func read(_ row: (text: String, value: JSONValue)) throws {
    #expect(try JSONReader.value(Array(row.text.utf8)) == row.value)
  }

  @Test(
    "Refused",
    arguments: [
      "", " ", "nul", "tru", "+1", "01", "1.", ".5", "1e", "1e+", "-", "NaN", "Infinity", "1e999", "'a'", "\"a",
      "\"\\x\"",
      "\"\\u12\"", "\"\\u+123\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800x\"", "\"\u{1}\"",
      "[", "[1", "[1,", "[1,]", "[,1]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}", "1 2",
      "[] x",
    ])
  func refused(_ text: String) { #expect(throws: JSONError.self) { try JSONReader.value(Array(text.utf8)) } }

  @Test("Bytes that are not UTF-8 are refused inside a text")
  func notUTF8() {
    #expect(throws: JSONError.self) { try JSONReader.value([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONError.self) { try JSONReader.value([0x22, 0xC3, 0x22]) }
  }

  @Test("Nesting is bounded")
  func depth() throws {
    let allowed = AgentLimits.jsonDepth
    for (depth, isGood) in [(allowed, true), (allowed + 1, false), (100_000, false)] {
      let text =
        [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
      #expect(((try? JSONReader.value(text)) != nil) == isGood, "depth \(depth)")
    }
  }

  @Test("What is written is read back, cut texts are refused, changed ones never trap")
  func roundTrip() throws {
    var random = SplitMix64(seed: 21)
    for _ in 0..<500 {
      let value = JSONValue.object(["v": Self.value(depth: 0, &random)])
      let bytes = JSONWriter.bytes(value)
      #expect(try JSONReader.value(bytes) == value)
      for end in bytes.indices { #expect(throws: JSONError.self) { try JSONReader.value(Array(bytes[..<end])) } }
      var changed = bytes
      changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = try? JSONReader.value(changed)
    }
  }

  @Test("Numbers that JSON does not know are written as null")
  func notFinite() {
    #expect(JSONWriter.bytes([.number(.nan), .number(.infinity), 1e20, 5e-7]) == Array("[null,null,1e+20,5e-07]".utf8))
  }

  private static func value(depth: Int, _ random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &random) {
    case 0: return nil
    case 1: return .boolean(Bool.random(using: &random))
    case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
    case 3:
      // Never whole: a whole number is read back as an integer, which is equal but not the same.
      return .number(Double(Int.random(in: -1_000_000...1_000_000, using: &random)) + 0.5)
    case 4:
      let scalars = (0..<Int.random(in: 0..<8, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0..<0x11000, using: &random))
      }
      return .string(String(String.UnicodeScalarView(scalars)))
    case 5:
      return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(depth: depth + 1, &random) })
    default:
      var members: [String: JSONValue] = [:]
      for index in 0..<Int.random(in: 0..<4, using: &random) {
        members["\(index)\"\n"] = value(depth: depth + 1, &random)
      }
      return .object(members)
    }
  }
}

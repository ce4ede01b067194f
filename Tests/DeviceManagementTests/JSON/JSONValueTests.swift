import Testing

@testable import DeviceManagement

@Suite struct JSONValueTests {
  private func parse(_ text: String, depth: Int = 32) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), maximumDepth: depth)
  }

  @Test(arguments: [
    ("null", "null"), (" true ", "true"), ("\tfalse\r\n", "false"), ("0", "0"), ("-0", "-0"), ("-1.5e+3", "-1.5e+3"),
    ("1E2", "1E2"), ("123456789012345678901234567890", "123456789012345678901234567890"), ("\"\"", "\"\""),
    (#""a\/b""#, #""a/b""#), (#""\u00e9""#, "\"é\""), (#""\ud83d\ude00""#, "\"😀\""), (#""\n""#, #""\u000a""#),
    (#""\"\\""#, #""\"\\""#), ("[]", "[]"), ("[1, [2 ,3], {}]", "[1,[2,3],{}]"), ("{}", "{}"),
    (#"{ "a" : 1 , "b" : [ ] }"#, #"{"a":1,"b":[]}"#), (#"{"a":1,"b":2,"a":3}"#, #"{"a":3,"b":2}"#),
    ("\"\u{7F}\"", "\"\u{7F}\""), (#""\u0000""#, #""\u0000""#),
  ])
  func readsAndWritesAgain(text: String, written: String) throws {
    #expect(String(decoding: try parse(text).encoded, as: UTF8.self) == written)
  }

  @Test(arguments: [
    "", " ", "nul", "True", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "0x10", "NaN", "Infinity", "[1,]", "[,1]",
    "[1 2]", "[", "]", "{", "}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", #"{'a':1}"#, "\"", #""\x""#,
    #""\u12""#, #""\u12G4""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, #""\ud800\""#, "\"\u{01}\"", "\"\n\"",
    "1 2", "nullx", "{} {}", "\u{FEFF}1", "/* */ 1", "[1]]",
  ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try parse(text) }
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
  ])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: bytes, maximumDepth: 4) }
  }

  @Test func boundsDepth() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError(offset: 33, reason: "nested deeper than 32")) { try parse(deep) }
    let allowed = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
    #expect(String(decoding: try parse(allowed).encoded, as: UTF8.self) == allowed)
  }

  @Test func saysWhereItWentWrong() {
    #expect(throws: JSONError(offset: 5, reason: "expected ':'")) { try parse(#"{"a" 1}"#) }
    #expect(throws: JSONError(offset: 4, reason: "expected ':', found the end")) { try parse(#"{"a""#) }
  }

  @Test func tellsEqualLookingNamesApart() throws {
    // Composed and decomposed: equal as Swift strings, two names as JSON.
    let value = try parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
    guard case .object(let members) = value else { throw JSONError(offset: 0, reason: "no object") }
    #expect(members.count == 2)
  }

  @Test func givesMembersAndNumbers() throws {
    let value = try parse(#"{"name":"ping","ttl_s":1.5,"big":1e999,"list":[1]}"#)
    #expect(value["name"]?.text == "ping")
    #expect(value["ttl_s"]?.double == 1.5)
    #expect(value["big"]?.double == nil)
    #expect(value["list"]?.kind == "an array")
    #expect(value["none"] == nil)
    #expect(JSONValue.null["name"] == nil)
  }

  @Test func everyCutIsRefused() throws {
    let text = Array(#"{"name":"r\u00e9ad","arguments":{"a":[1,-2.5e3,true,null],"b":"x"},"ttl_s":60}"#.utf8)
    _ = try JSONValue(parsing: text, maximumDepth: 8)
    for length in 0..<text.count {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<length]), maximumDepth: 8) }
    }
  }

  @Test func survivesMutation() throws {
    var random = SeededGenerator(seed: 0x150_5)
    let seed = Array(#"{"status":"running","result":{"a":[1,2.5e-3,"\ud83d\ude00"]},"error":null,"progress":0.4}"#.utf8)
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(bytes[Int.random(in: bytes.indices, using: &random)], at: place)
        }
      }
      guard let value = try? JSONValue(parsing: bytes, maximumDepth: 16) else { continue }
      accepted += 1
      // What is accepted is written so that it reads as the same.
      #expect(try JSONValue(parsing: value.encoded, maximumDepth: 16) == value)
    }
    #expect(accepted > 100)
  }
}

import Testing

@testable import TelemetryIngest

/// The fault of a whole text, nil where it is JSON.
func fault(_ bytes: [UInt8], maximumDepth: Int = 32) -> DeadLetterReason? {
  bytes.withUnsafeBytes { payload in
    do throws(DeadLetterReason) {
      var reader = try JSONReader(payload, maximumDepth: maximumDepth)
      try reader.skipValue()
      try reader.end()
      return nil
    } catch {
      return error
    }
  }
}

@Suite struct JSONAcceptanceTests {
  static let wellFormed: [String] = [
    "null", "true", "false", "0", "-0", "1", "-1", "10", "1.5", "-0.0", "0e0", "1e1", "1E+2", "1e-2", "0.1e1",
    "1.0E400",
    "123456789012345678901234567890", "\"\"", "\"a\"", "[]", "{}", " [ ] ", "\t\r\n{ } \n", "[1]", "[1,2]", "[ 1 , 2 ]",
    "[[]]", "[[],{}]", #"{"a":1}"#, #"{"a":1,"a":2}"#, #"{"":0}"#, #"{ "a" : { "b" : [ null ] } }"#,
    #""\"\\\/\b\f\n\r\t""#,
    #""\u0000""#, #""\u00e9\u00E9""#, #""\ud83d\ude00""#, #""\uD83D\uDE00""#, #""\uFFFF\uFDD0""#, #""\\u""#,
    "\"\u{7F}\"",
    "\"\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"", "\"\u{2028}\u{2029}\"", "\"\u{FEFF}\"",
    "[\"abcdefgh\",\"abcdefghi\"]",
    "[true,false,null]", "-1e-9999", "1.00000000000000000000000000001",
  ]

  @Test(arguments: wellFormed)
  func accepts(_ text: String) {
    #expect(fault(Array(text.utf8)) == nil, "\(text)")
  }

  static let malformed: [(String, JSONFault.Kind, Int)] = [
    ("", JSONFault.Kind.unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("nul", .unexpectedEnd, 3),
    ("nulL", .invalidLiteral, 0),
    ("True", .expectedValue, 0), ("NaN", .expectedValue, 0), ("nan", .invalidLiteral, 0),
    ("Infinity", .expectedValue, 0),
    ("-Infinity", .invalidNumber, 1), ("-NaN", .invalidNumber, 1), ("+1", .expectedValue, 0), (".5", .expectedValue, 0),
    ("1.", .unexpectedEnd, 2), ("1.e1", .invalidNumber, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
    ("1ex", .invalidNumber, 2), ("-", .unexpectedEnd, 1), ("--1", .invalidNumber, 1), ("01", .invalidNumber, 0),
    ("-01", .invalidNumber, 0), ("00", .invalidNumber, 0), ("0x10", .trailingBytes, 1), ("1 2", .trailingBytes, 2),
    ("1,", .trailingBytes, 1), ("1_000", .trailingBytes, 1), ("[", .unexpectedEnd, 1), ("]", .expectedValue, 0),
    ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("[1,]", .expectedValue, 3), ("[,1]", .expectedValue, 1),
    ("[1 2]", .expectedCommaOrBracket, 3), ("[1}", .expectedCommaOrBracket, 2), ("[]]", .trailingBytes, 2),
    ("{", .unexpectedEnd, 1), ("{1:2}", .expectedKey, 1), ("{a:1}", .expectedKey, 1), ("{'a':1}", .expectedKey, 1),
    (#"{"a"}"#, .expectedColon, 4), (#"{"a" 1}"#, .expectedColon, 5), (#"{"a":}"#, .expectedValue, 5),
    (#"{"a":1,}"#, .expectedKey, 7), (#"{"a":1 "b":2}"#, .expectedCommaOrBrace, 7),
    (#"{"a":1]"#, .expectedCommaOrBrace, 6),
    (#"{,"a":1}"#, .expectedKey, 1), (#"{"a":1}}"#, .trailingBytes, 7), (#"{"a":1"#, .unexpectedEnd, 6),
    ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), ("\"\\", .unexpectedEnd, 2), ("\"\\x\"", .invalidEscape, 1),
    ("\"\\u12\"", .invalidEscape, 1), ("\"\\u12G4\"", .invalidEscape, 1), ("\"\\U0041\"", .invalidEscape, 1),
    ("\"\t\"", .controlCharacter, 1), ("\"a\n\"", .controlCharacter, 2), ("\"\u{0}\"", .controlCharacter, 1),
    ("\"1234567\u{1F}\"", .controlCharacter, 8), (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1),
    (#""\ud800\ud800""#, .loneSurrogate, 1), (#""\ud800x""#, .loneSurrogate, 1), (#""\ud800\n""#, .loneSurrogate, 1),
    (#""\ude00\ud83d""#, .loneSurrogate, 1), (#""ab\ud83d\u0041""#, .loneSurrogate, 3), ("'a'", .expectedValue, 0),
    ("\u{FEFF}1", .expectedValue, 0), ("\u{A0}1", .expectedValue, 0), ("\u{B}1", .expectedValue, 0),
    ("/**/1", .expectedValue, 0),
    ("1//", .trailingBytes, 1), ("undefined", .expectedValue, 0), ("[1,\u{0}2]", .expectedValue, 3),
    ("1\u{0}", .trailingBytes, 1),
  ]

  @Test(arguments: malformed)
  func refuses(_ text: String, _ kind: JSONFault.Kind, _ byte: Int) {
    #expect(fault(Array(text.utf8)) == .invalidJSON(JSONFault(kind, at: byte)), "\(text)")
  }

  /// RFC 3629: overlong forms, surrogates, what lies beyond U+10FFFF, lone and missing continuations.
  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFE], [0xFF],
    ] as [[UInt8]])
  func refusesMalformedUTF8(_ sequence: [UInt8]) {
    for prefix in ["", "1234567", "12345678"] {
      let bytes = Array("\"\(prefix)".utf8) + sequence + Array("\"".utf8)
      #expect(fault(bytes) == .invalidJSON(JSONFault(.invalidUTF8, at: 1 + prefix.utf8.count)))
      #expect(fault(Array("{\"\(prefix)".utf8) + sequence + Array("\":1}".utf8)) != nil)
    }
  }

  @Test func everyTornTextIsRefused() {
    let text = #"{"ts":1732000000123,"a":[1.5e-3,true,null,{"b":"\ud83d\ude00 ä"}],"c":{},"d":false}"#
    let bytes = Array(text.utf8)
    #expect(fault(bytes) == nil)
    for end in 0..<bytes.count { #expect(fault(Array(bytes[..<end])) != nil, "cut at \(end)") }
  }

  @Test func depthIsBounded() {
    for opening in ["[", #"{"a":"#] {
      let isArray = opening == "["
      func nested(_ depth: Int) -> [UInt8] {
        Array(
          (String(repeating: opening, count: depth) + "1" + String(repeating: isArray ? "]" : "}", count: depth)).utf8)
      }
      #expect(fault(nested(32)) == nil)
      #expect(fault(nested(33)) == .invalidJSON(JSONFault(.tooDeep, at: 32 * opening.utf8.count)))
      #expect(fault(nested(10_000))?.kind == .tooDeep)
      // Never closed.
      #expect(fault(Array(String(repeating: opening, count: 100_000).utf8))?.kind == .tooDeep)
    }
  }
}

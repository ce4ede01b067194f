import DeviceAgentKit
import MQTTProtocol
import Testing

/// JSON of every kind of wrongness, through MQTT and through HTTP.
@Suite struct JSONDoorTests {
  enum Expected: Sendable {
    case deadLetter
    /// Read; the series `n` then has this value, nil for none.
    case read(JSONValue?)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let payload: [UInt8]
    let expected: Expected

    init(_ name: String, _ payload: String, _ expected: Expected) {
      self.init(name, Array(payload.utf8), expected)
    }

    init(_ name: String, _ payload: [UInt8], _ expected: Expected) {
      self.name = name
      self.payload = payload
      self.expected = expected
    }

    var testDescription: String { name }
  }

  private static func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

  static let cases = [
    Case("10,000 deep arrays", #"{"n":"# + times(10_000, "[") + times(10_000, "]") + "}", .deadLetter),
    Case("10,000 deep objects", times(10_000, #"{"n":"#) + "1" + times(10_000, "}"), .deadLetter),
    Case("200,000 open brackets", times(200_000, "["), .deadLetter),
    Case("duplicate keys", #"{"n":1,"n":2}"#, .read(2)),
    Case("a lone high surrogate", #"{"n":"\ud800"}"#, .deadLetter),
    Case("a lone low surrogate", #"{"n":"\udc00x"}"#, .deadLetter),
    Case("a surrogate pair", #"{"n":"\ud83d\ude00"}"#, .read("😀")),
    Case("a surrogate as UTF-8", [0x7B, 0x22, 0x6E, 0x22, 0x3A, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x7D], .deadLetter),
    Case("bytes that are no UTF-8", [0x7B, 0x22, 0x6E, 0x22, 0x3A, 0x22, 0xFF, 0x22, 0x7D], .deadLetter),
    Case("a number of 400 digits", #"{"n":"# + times(400, "9") + "}", .read(nil)),
    Case("a fraction of 400 digits", #"{"n":0."# + times(400, "3") + "}", .read(.number(1.0 / 3))),
    Case("a huge exponent", #"{"n":1e400}"#, .read(nil)),
    Case("a tiny exponent", #"{"n":1e-400}"#, .read(0)),
    Case("an exponent of 400 digits", #"{"n":1e"# + times(400, "9") + "}", .read(nil)),
    Case("NaN", #"{"n":NaN}"#, .deadLetter), Case("Infinity", #"{"n":-Infinity}"#, .deadLetter),
    Case("NaN as a text", #"{"n":"NaN"}"#, .read("NaN")), Case("a plus sign", #"{"n":+1}"#, .deadLetter),
    Case("a leading zero", #"{"n":01}"#, .deadLetter), Case("a bare point", #"{"n":.5}"#, .deadLetter),
    Case("a final point", #"{"n":5.}"#, .deadLetter), Case("hexadecimal", #"{"n":0x10}"#, .deadLetter),
    Case("a final comma", #"{"n":1,}"#, .deadLetter), Case("single quotes", "{'n':1}", .deadLetter),
    Case("a comment", #"{"n":1/* one */}"#, .deadLetter), Case("two values", #"{"n":1}{"n":2}"#, .deadLetter),
    Case("nothing", "", .deadLetter), Case("white space", "  \n ", .deadLetter),
    Case("a byte order mark", [0xEF, 0xBB, 0xBF] + Array(#"{"n":1}"#.utf8), .deadLetter),
    Case("NUL", [0x00], .deadLetter), Case("NUL after the value", Array(#"{"n":1}"#.utf8) + [0], .deadLetter),
    Case("a control character in a text", [0x7B, 0x22, 0x6E, 0x22, 0x3A, 0x22, 0x01, 0x22, 0x7D], .deadLetter),
    Case("an escaped NUL in a text", #"{"n":"\u0000"}"#, .read("\0")),
    Case("a key of 70,000 bytes", #"{""# + times(70_000, "k") + #"":1,"n":5}"#, .read(5)),
    Case("a text of 100,000 bytes", #"{"n":""# + times(100_000, "x") + #""}"#, .read(nil)),
    Case("a bare number", "5", .deadLetter), Case("a bare text", #""x""#, .deadLetter),
    Case("an array of numbers", "[1,2]", .deadLetter), Case("an empty key", #"{"":1,"n":7}"#, .read(7)),
    Case("12,000 readings", "[" + times(12_000, #"{"n":1},"#).dropLast() + "]", .deadLetter),
    Case("an integer past 2^53", #"{"n":9007199254740993}"#, .read(9_007_199_254_740_992)),
  ]

  @Test func givesTheRightOutcomeThroughMQTT() throws {
    try withHub(["--maximum-series-per-device", "100"]) { hub in
      let neighbour = try Neighbour(hub)
      let before = try hub.residentBytes()
      for (number, testCase) in Self.cases.enumerated() {
        // Each from a device of its own: what one left cannot pass for what the next did.
        let peer = try MQTTPeer.connected(hub.mqttPort, "case-\(number)")
        let code = try peer.publish("v1/devices/me/telemetry", testCase.payload)
        switch testCase.expected {
        case .deadLetter:
          #expect(code == .payloadFormatInvalid, "\(testCase.name)")
          #expect(try hub.latest("case-\(number)", "n") == nil, "\(testCase.name)")
        case .read(let value):
          #expect(code == .success, "\(testCase.name)")
          #expect(try hub.latest("case-\(number)", "n")?.comparable == value?.comparable, "\(testCase.name)")
        }
        try peer.ping()
      }
      let deadLetters = Self.cases.count { if case .deadLetter = $0.expected { true } else { false } }
      #expect(try hub.metric("telemetry_hub_dead_letters_total") == Double(deadLetters))
      #expect(try hub.json("/v1/dead-letters?limit=1000").elements.count == deadLetters)
      #expect(try hub.residentBytes() - before < 32 << 20)
      try neighbour.expectToBeServed(1)
    }
  }

  /// Every prefix of a message, at its three doors.
  @Test func survivesEveryCut() throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      let text = #"[{"ts":1.7e9,"values":{"n":-12.5e-1,"t":"\u00e9\ud83d\ude00","a":[true,null]}}]"#
      let peer = try MQTTPeer.connected(hub.mqttPort, "cut")
      for count in 0..<text.utf8.count {
        #expect(
          try peer.publish("v1/devices/me/telemetry", Array(text.utf8.prefix(count))) == .payloadFormatInvalid,
          "\(count) bytes")
      }
      let result = #"{"status":"succeeded","result":{"a":[1,"\u00e9"]},"error":null}"#
      for count in 1..<result.utf8.count {
        // Of no command: read or not, the device can do nothing about it.
        _ = try peer.publish("v1/devices/me/commands/0123/result", Array(result.utf8.prefix(count)))
      }
      let question = #"{"max":1,"wait_s":0}"#
      for count in 1..<question.utf8.count {
        let code = try peer.publish("v1/devices/me/commands/next", Array(question.utf8.prefix(count)))
        #expect(code == .payloadFormatInvalid, "\(count) bytes")
      }
      try neighbour.expectToBeServed(1)
    }
  }

  @Test func refusesDeepCommandsOverHTTP() throws {
    try withHub { hub in
      try MQTTPeer.connected(hub.mqttPort, "board").publish("v1/devices/me/telemetry", "{}")
      let directory = try TemporaryDirectory()
      let deep = #"{"name":"x","arguments":"# + Self.times(10_000, #"{"a":"#) + "1" + Self.times(10_001, "}")
      let wide = #"{"name":"x","arguments":{"a":"# + "\"" + Self.times(70 << 10, "x") + "\"}}"
      for (text, status) in [(deep, 400), (wide, 413), (#"{"name":"x","arguments":{"a":NaN}}"#, 400)] {
        let file = try directory.write(text.utf8, to: "command")
        let answer = try hub.http("POST", "/v1/devices/board/commands", "@\(file)", headers: ["Expect:"])
        #expect(answer.status == status, "\(answer.text)")
      }
    }
  }
}

extension JSONValue {
  /// A number as a double, so that 7 and 7.0 are the same.
  fileprivate var comparable: JSONValue { number.map { .number($0) } ?? self }
}

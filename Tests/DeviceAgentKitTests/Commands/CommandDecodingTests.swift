import DeviceAgentKit
import Testing

@Suite("Commands as they arrive")
struct CommandDecodingTests {
  static let good: [(String, Command)] = [
    (#"{"id":"a","name":"ping"}"#, Command(id: "a", name: "ping")),
    (#"{"id":7,"name":"ping","arguments":null,"not_after":null}"#, Command(id: "7", name: "ping")),
    (
      #"{"id":"a-b_c:1","name":"set","arguments":{"x":[1]},"not_after":1700000000000,"more":true}"#,
      Command(id: "a-b_c:1", name: "set", arguments: ["x": [1]], notAfter: 1_700_000_000_000)
    ),
    (#"{"id":"a","name":"p","not_after":1.7e12}"#, Command(id: "a", name: "p", notAfter: 1_700_000_000_000)),
  ]

  @Test("Read", arguments: good)
  func read(_ row: (text: String, command: Command)) throws {
    #expect(try Command(payload: Array(row.text.utf8)) == row.command)
  }

  @Test(
    "Without a usable identifier nothing can be answered",
    arguments: [
      "", "[]", "1", "{", #"{"name":"ping"}"#, #"{"id":null,"name":"ping"}"#, #"{"id":"","name":"ping"}"#,
      #"{"id":"a/b","name":"ping"}"#, #"{"id":"a+","name":"ping"}"#, ##"{"id":"#","name":"ping"}"##,
      #"{"id":"a b","name":"ping"}"#, #"{"id":"a\n","name":"ping"}"#, #"{"id":"a\u0000","name":"ping"}"#,
      "{\"id\":\"\(String(repeating: "x", count: 129))\",\"name\":\"ping\"}",
    ])
  func unanswerable(_ text: String) {
    #expect {
      try Command(payload: Array(text.utf8))
    } throws: { error in
      if case .unanswerable = error as? CommandError { true } else { false }
    }
  }

  @Test(
    "With an identifier it can be rejected",
    arguments: [
      #"{"id":"a"}"#, #"{"id":"a","name":""}"#, #"{"id":"a","name":5}"#, #"{"id":"a","name":"p","arguments":[]}"#,
      #"{"id":"a","name":"p","arguments":"x"}"#, #"{"id":"a","name":"p","not_after":"soon"}"#,
      #"{"id":"a","name":"p","not_after":1.5}"#, #"{"id":"a","name":"p","not_after":1e300}"#,
    ])
  func malformed(_ text: String) {
    #expect {
      try Command(payload: Array(text.utf8))
    } throws: { error in
      if case .malformed("a", _) = error as? CommandError { true } else { false }
    }
  }

  @Test("A command of more than its limit is not even read")
  func tooLong() {
    let text = "{\"id\":\"a\",\"name\":\"p\",\"x\":\"\(String(repeating: "x", count: AgentLimits.commandBytes))\"}"
    #expect(throws: CommandError.self) { try Command(payload: Array(text.utf8)) }
  }

  @Test("Reports are written as the hub reads them")
  func reports() {
    let rows: [(CommandReport, String)] = [
      (CommandReport(id: "a", status: .accepted), #"{"status":"accepted"}"#),
      (CommandReport(id: "a", status: .succeeded, result: ["v": 1]), #"{"status":"succeeded","result":{"v":1}}"#),
      (CommandReport(id: "a", status: .failed, error: "no \"x\""), #"{"status":"failed","error":"no \"x\""}"#),
    ]
    for (report, text) in rows { #expect(String(decoding: report.payload, as: UTF8.self) == text) }
  }
}

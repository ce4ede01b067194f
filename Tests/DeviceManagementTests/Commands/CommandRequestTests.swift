import DeviceManagement
import Testing

@Suite struct CommandRequestTests {
  private func parse(_ text: String) throws -> CommandRequest {
    try CommandRequest(
      JSONValue(parsing: Array(text.utf8), maximumDepth: 8), limits: DeviceManagementLimits())
  }

  @Test func reads() throws {
    #expect(try parse(#"{"name":"ping"}"#) == CommandRequest(name: "ping"))
    #expect(
      try parse(#"{"name":"a","arguments":{"x":[1]},"ttl_s":1.5}"#)
        == CommandRequest(
          name: "a", arguments: .object([.init("x", .array([.number("1")]))]), timeToLive: 1_500))
    #expect(try parse(#"{"name":"a","ttl_s":null}"#).timeToLive == nil)
  }

  @Test(arguments: [
    ("[]", "body"), ("1", "body"), ("{}", "name"), (#"{"name":1}"#, "name"), (#"{"name":"a","ttl":5}"#, "ttl"),
    (#"{"name":"a","ttl_s":"5"}"#, "ttl_s"), (#"{"name":"a","ttl_s":0}"#, "ttl_s"),
    (#"{"name":"a","ttl_s":-1}"#, "ttl_s"), (#"{"name":"a","ttl_s":1e300}"#, "ttl_s"),
    (#"{"name":"a","ttl_s":1e999}"#, "ttl_s"), (#"{"name":"a","ttl_s":604801}"#, "ttl_s"),
  ])
  func namesWhatIsWrong(text: String, member: String) throws {
    let problem = #expect(throws: CommandRequest.Problem.self) { try parse(text) }
    #expect(problem?.member == member)
  }

  @Test(arguments: [
    ("", 1, 0.0), ("{}", 1, 0), (#"{"max":3,"wait_s":2.5}"#, 3, 2.5), (#"{"max":0}"#, 1, 0), (#"{"max":-5}"#, 1, 0),
    (#"{"max":1e300,"wait_s":1e300}"#, 16, 60), (#"{"max":"x","wait_s":-1}"#, 1, 0),
  ])
  func readsAQuestionForCommands(text: String, maximum: Int, wait: Double) throws {
    let request = try NextCommandsRequest(parsing: Array(text.utf8), limits: DeviceManagementLimits())
    #expect(request.maximum == maximum)
    #expect(request.waitSeconds == wait)
  }

  @Test(arguments: ["x", "[]", "{", "null"])
  func refusesAQuestionThatIsNone(text: String) {
    #expect(throws: JSONError.self) {
      try NextCommandsRequest(parsing: Array(text.utf8), limits: DeviceManagementLimits())
    }
  }
}

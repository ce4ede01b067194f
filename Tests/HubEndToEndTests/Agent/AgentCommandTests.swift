import DeviceAgentKit
import Glibc
import MQTTProtocol
import Testing

/// Commands that the real agent runs.
@Suite struct AgentCommandTests {
  @Test func answersPing() throws {
    try withAgent { hub, _ in
      let answer = try hub.http("POST", "/v1/devices/board/commands?wait=10s", #"{"name":"ping"}"#)
      #expect(answer.status == 200, "\(answer.text)")
      let command = try answer.json()
      #expect(command["state"]?.string == "succeeded")
      #expect(command["result"]?["time"]?.integer != nil)
      #expect(try hub.json("/v1/devices/board")["presence"]?["responsive"]?["value"]?.boolean == true)
    }
  }

  @Test func readsNow() throws {
    try withAgent { hub, _ in
      let answer = try hub.http("POST", "/v1/devices/board/commands?wait=10s", #"{"name":"read-now"}"#)
      #expect(try answer.json()["result"]?["values"]?["temperature.cpu-thermal"]?.number == 48.25)
    }
  }

  @Test func changesItsInterval() throws {
    try withAgent { hub, _ in
      let answer = try hub.http(
        "POST", "/v1/devices/board/commands?wait=10s", #"{"name":"set-interval","arguments":{"interval":"250ms"}}"#)
      #expect(try answer.json()["result"] == ["interval_ms": 250, "previous_ms": 100])
    }
  }

  @Test(arguments: [
    (#"{"name":"self-destruct"}"#, "self-destruct"),
    (#"{"name":"set-interval","arguments":{"interval":"1ms"}}"#, "100"),
    (#"{"name":"identify","arguments":{"seconds":-1}}"#, "seconds"),
  ])
  func rejectsWithAReason(body: String, reason: String) throws {
    try withAgent { hub, _ in
      let answer = try hub.http("POST", "/v1/devices/board/commands?wait=10s", body)
      #expect(answer.status == 200)
      #expect(try answer.json()["state"]?.string == "rejected")
      #expect(try answer.json()["error"]?.string?.contains(reason) == true, "\(answer.text)")
    }
  }

  /// A server that sends a command again, before and after the agent was killed: it runs once and tells so each time.
  ///
  /// The hub itself never does that, and lets nobody else publish commands: a scripted server takes its place.
  @Test func runsNoCommandTwice() throws {
    let board = try TemporaryDirectory()
    try TestBoard.write(to: board)
    let state = try TemporaryDirectory()
    let server = try ScriptedServer()
    let command = #"{"id":"0001","name":"set-interval","arguments":{"interval":"30m"},"not_after":4102444800000}"#
    var first: JSONValue?
    for _ in 0..<2 {
      let agent = try AgentProcess(port: server.port, "board", board: board, state: state)
      let session = try server.accept()
      for _ in 0..<2 {
        try session.sendCommand(command, to: "board")
        let report = try session.finalReport("0001")
        #expect(report["status"]?.string == "succeeded")
        // Had it run again, the interval before would be another.
        #expect(report["result"]?["previous_ms"]?.integer == 100)
        if let first { #expect(report == first) }
        first = report
      }
      agent.process.kill()
      _ = try agent.process.waitForEnd(within: .seconds(5))
    }
  }
}

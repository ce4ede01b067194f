import DeviceManagement
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import HTTPAPI

@Suite struct CommandTests {
  private func hub(_ management: DeviceManagementLimits = DeviceManagementLimits()) throws -> TestHub {
    let hub = TestHub(management: management)
    try hub.fill("pi", "x", count: 1)
    return hub
  }

  @Test func sendsAndFollows() async throws {
    let hub = try hub()
    try await hub.application().test(.router) { client in
      let sent = try await client.send(
        .post, "/v1/devices/pi/commands", #"{"name":"set-interval","arguments":{ "seconds" : 5 },"ttl_s":30}"#)
      #expect(sent.status == .created)
      let command = try sent.json
      let id = try #require(command["id"]?.text)
      #expect(sent.headers[.location] == "/v1/commands/\(id)")
      #expect(command["state"]?.text == "queued")
      #expect(command["final"] == .boolean(false))
      #expect(command["arguments"] == .object([.init("seconds", .number("5"))]))
      #expect(command["not_after"]?.text == "2026-11-22T10:00:30.000Z")
      #expect(hub.operations.state.withLock { $0.created.map(\.id) } == [id])

      _ = hub.commands.takeQueued(for: "pi", max: 1, by: .answerToNext, now: TestHub.start + 10)
      _ = hub.commands.receivedResult(
        device: "pi", id: id, payload: Array(#"{"status":"failed","error":"no sensor","progress":0.5}"#.utf8),
        now: TestHub.start + 20)
      let followed = try await client.get("/v1/commands/\(id)").json
      #expect(followed["state"]?.text == "failed")
      #expect(followed["error"]?.text == "no sensor")
      #expect(followed["progress"] == .number("0.5"))
      guard case .array(let transitions)? = followed["transitions"] else {
        Issue.record("no transitions")
        return
      }
      #expect(transitions.map { $0["state"]?.text } == ["queued", "sent", "failed"])
      #expect(transitions[1]["time"]?.text == "2026-11-22T10:00:00.010Z")
      #expect(transitions[1]["evidence"]?.text == "answer to commands/next")
    }
  }

  @Test func waitsForTheResult() async throws {
    let hub = try hub()
    hub.answerCommands(of: "pi", with: #"{"status":"succeeded","result":{"pong":true}}"#)
    try await hub.application().test(.router) { client in
      let answer = try await client.send(.post, "/v1/devices/pi/commands?wait=10s", #"{"name":"ping"}"#)
      #expect(answer.status == .ok)
      #expect(try answer.json["state"]?.text == "succeeded")
      #expect(try answer.json["result"] == .object([.init("pong", .boolean(true))]))
      #expect(answer.headers[.location]?.hasPrefix("/v1/commands/") == true)
    }
  }

  @Test func aWaitThatIsOverTellsTheStateSoFar() async throws {
    let hub = try hub()
    hub.answerCommands(of: "pi", with: #"{"status":"running"}"#)
    try await hub.application().test(.router) { client in
      let answer = try await client.send(.post, "/v1/devices/pi/commands?wait=1ms", #"{"name":"ping"}"#)
      #expect(answer.status == .accepted)
      #expect(try answer.json["state"]?.text == "running")
      let id = try #require(try answer.json["id"]?.text)
      let followed = try await client.get("/v1/commands/\(id)?wait=1ms")
      #expect(followed.status == .ok)
      #expect(try followed.json["state"]?.text == "running")
    }
  }

  @Test func cancelsOnlyWhatIsQueued() async throws {
    let hub = try hub()
    try await hub.application().test(.router) { client in
      var ids: [String] = []
      for _ in 0..<2 {
        let sent = try await client.send(.post, "/v1/devices/pi/commands", #"{"name":"ping"}"#)
        ids.append(try #require(try sent.json["id"]?.text))
      }
      _ = hub.commands.takeQueued(for: "pi", max: 1, by: .publish, now: TestHub.start)
      let late = try await client.send(.delete, "/v1/commands/\(ids[0])")
      #expect(late.status == .conflict)
      #expect(try late.json["state"]?.text == "sent")
      let cancelled = try await client.send(.delete, "/v1/commands/\(ids[1])")
      #expect(cancelled.status == .ok)
      #expect(try cancelled.json["state"]?.text == "cancelled")
      #expect(try await client.send(.delete, "/v1/commands/none").status == .notFound)
      #expect(try await client.get("/v1/commands/none").status == .notFound)
    }
  }

  @Test func listsNewestFirst() async throws {
    let hub = try hub()
    try await hub.application().test(.router) { client in
      for index in 0..<5 {
        hub.operations.state.withLock { $0.now += 1 }
        _ = try await client.send(.post, "/v1/devices/pi/commands", "{\"name\":\"c\(index)\"}")
      }
      let first = try await client.get("/v1/devices/pi/commands?limit=3")
      #expect(try first.rows.map { $0["name"]?.text } == ["c4", "c3", "c2"])
      let rest = try await client.get(try #require(first.next))
      #expect(try rest.rows.map { $0["name"]?.text } == ["c1", "c0"])
      #expect(rest.next == nil)
      let lines = try await client.get("/v1/devices/pi/commands?format=ndjson")
      #expect(lines.text.split(separator: "\n").count == 5)
    }
  }

  static let wrong: [(String, String, HTTPResponse.Status, String?)] = [
    ("pi/commands", "", .badRequest, "body"), ("pi/commands", "{", .badRequest, "body"),
    ("pi/commands", "[]", .badRequest, "body"), ("pi/commands", "{}", .badRequest, "name"),
    ("pi/commands", #"{"name":""}"#, .badRequest, "name"), ("pi/commands", #"{"name":"a b"}"#, .badRequest, "name"),
    ("pi/commands", #"{"name":"a","arguments":[]}"#, .badRequest, "arguments"),
    ("pi/commands", #"{"name":"a","ttl":1}"#, .badRequest, "ttl"),
    ("pi/commands", #"{"name":"a","ttl_s":-1}"#, .badRequest, "ttl_s"),
    ("pi/commands?wait=5", #"{"name":"a"}"#, .badRequest, "wait"),
    ("pi/commands?wait=-5s", #"{"name":"a"}"#, .badRequest, "wait"),
    ("pi/commands?wait=61s", #"{"name":"a"}"#, .badRequest, "wait"),
    ("pi/commands?wiat=5s", #"{"name":"a"}"#, .badRequest, "wiat"),
    ("nobody/commands", #"{"name":"a"}"#, .notFound, "device"),
    ("me/commands", #"{"name":"a"}"#, .badRequest, "device"),
    (
      "pi/commands", "{\"name\":\"a\",\"arguments\":{\"x\":\"\(String(repeating: "y", count: 70_000))\"}}",
      .contentTooLarge, "arguments"
    ),
    ("pi/commands", String(repeating: " ", count: 90_000), .contentTooLarge, "body"),
  ]

  @Test(arguments: wrong)
  func refuses(path: String, body: String, status: HTTPResponse.Status, parameter: String?) async throws {
    let hub = try hub()
    try await hub.application().test(.router) { client in
      let response = try await client.send(.post, "/v1/devices/\(path)", body)
      #expect(response.status == status)
      #expect(try response.json["parameter"]?.text == parameter)
      #expect(hub.operations.state.withLock { $0.created.isEmpty })
    }
  }

  @Test func aFullQueueSaysSo() async throws {
    var management = DeviceManagementLimits()
    management.maximumOpenCommandsPerDevice = 1
    let hub = try hub(management)
    try await hub.application().test(.router) { client in
      _ = try await client.send(.post, "/v1/devices/pi/commands", #"{"name":"a"}"#)
      let full = try await client.send(.post, "/v1/devices/pi/commands", #"{"name":"a"}"#)
      #expect(full.status == .tooManyRequests)
      #expect(full.headers[.retryAfter] == "5")
    }
  }
}

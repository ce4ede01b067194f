import DeviceManagement
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing
import TimeSeriesStorage

@testable import HTTPAPI

@Suite struct DeviceTests {
  @Test func publishesAndShowsTheLatest() async throws {
    let hub = TestHub()
    try await hub.application().test(.router) { client in
      let answer = try await client.send(
        .post, "/v1/devices/pi/telemetry", #"{"ts":1795341598500,"temperature":21.5}"#)
      #expect(answer.status == .noContent)
      #expect(answer.body.readableBytes == 0)
      let latest = try await client.get("/v1/latest?device=pi")
      #expect(
        latest.text == #"[{"time":"2026-11-22T09:59:58.500Z","device":"pi","metric":"temperature","value":21.5,"#
          + #""received":"2026-11-22T10:00:00.000Z","age_ms":1500,"quality":"unknown"}]"# + "\n")
      let csv = try await client.get("/v1/latest?format=csv")
      #expect(
        csv.text == "time,device,metric,value,received,age_ms,quality\n"
          + "2026-11-22T09:59:58.500Z,pi,temperature,21.5,2026-11-22T10:00:00.000Z,1500,unknown\n")
    }
  }

  @Test func judgesTheLatestByItsInterval() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 50, step: 10_000)
    try await hub.application().test(.router) { client in
      for (later, quality) in [(0, "fresh"), (20_000, "fresh"), (1, "late")] as [(Int64, String)] {
        hub.operations.state.withLock { $0.now += later }
        let latest = try await client.get("/v1/latest").rows.first
        #expect(latest?["quality"]?.text == quality)
      }
    }
  }

  @Test func pagesTheLatest() async throws {
    let hub = TestHub()
    for device in ["a", "b", "c"] {
      for metric in ["x", "y", "é"] { try hub.fill(device, metric, count: 3) }
    }
    try await hub.application().test(.router) { client in
      let whole = try await client.get("/v1/latest").rows
      var uri: String? = "/v1/latest?limit=2"
      var rows: [JSONValue] = []
      while let page = uri {
        let response = try await client.get(page)
        rows += try response.rows
        uri = response.next
      }
      #expect(rows == whole)
      #expect(rows.count == 9)
      #expect(try await client.get("/v1/latest?metric=y").rows.count == 3)
    }
  }

  /// More series than one query of readings may read, and pages that end within devices.
  @Test(arguments: ["limit=10000", "limit=999", ""])
  func pagesTheLatestOfAnyNumberOfSeries(parameters: String) async throws {
    let hub = TestHub()
    let devices = (0..<24).map { "device-\($0)" }
    let metrics = (0..<500).map { "m\($0)" }
    for device in devices {
      let values = metrics.map { "\"\($0)\":1" }.joined(separator: ",")
      await hub.publish(device, "{\(values)}")
    }
    #expect(hub.store.statistics.series == 12_000)
    let limit = parameters == "limit=10000" ? 10_000 : parameters == "limit=999" ? 999 : 1_000
    try await hub.application().test(.router) { client in
      var uri: String? = "/v1/latest?\(parameters)"
      var names: [String] = []
      var pages = 0
      while let page = uri {
        let response = try await client.get(page)
        try #require(response.status == .ok, "\(response.text)")
        let rows = try response.rows
        names += rows.map { "\($0["device"]?.text ?? "")/\($0["metric"]?.text ?? "")" }
        uri = response.next
        pages += 1
        #expect(rows.count == (uri == nil ? 12_000 - (pages - 1) * limit : limit))
        #expect(response.header("X-Truncated") == (uri == nil ? nil : "true"))
      }
      #expect(pages == (12_000 + limit - 1) / limit)
      let all = devices.sorted().flatMap { device in metrics.sorted().map { "\(device)/\($0)" } }
      #expect(names == all)
    }
  }

  @Test(arguments: [
    ("device-0/m", 4), ("device-0/m0", 4), ("device-0/m1", 3), ("device-0/n", 2), ("device-00/a", 2), ("e/a", 0),
  ])
  func goesOnFromWhereACursorStands(cursor: String, count: Int) async throws {
    let hub = TestHub()
    for device in ["device-0", "device-1"] { await hub.publish(device, #"{"m0":1,"m1":2}"#) }
    try await hub.application().test(.router) { client in
      let response = try await client.get("/v1/latest?cursor=\(cursor)")
      #expect(response.status == .ok)
      #expect(try response.rows.count == count)
      #expect(response.next == nil)
    }
  }

  @Test func listsDevicesWithPresence() async throws {
    let hub = TestHub()
    try hub.fill("b", "x", count: 10)
    try hub.registry.setStatus(device: "a", payload: Array("online".utf8), now: TestHub.start)
    hub.registry.connected(
      device: "viewer", connection: .init(clientIdentifier: "v", protocolName: "MQTT 5.0", since: 1))
    try await hub.application().test(.router) { client in
      let response = try await client.get("/v1/devices")
      let rows = try response.rows
      #expect(rows.map { $0["device"]?.text } == ["a", "b"])
      #expect(response.header("X-Total-Count") == "2")
      #expect(rows[1]["presence"]?["reporting"]?["value"] == .boolean(true))
      #expect(rows[1]["presence"]?["connected"]?["value"] == .boolean(false))
      #expect(rows[0]["presence"]?["reporting"]?["reason"]?.text == "no readings")
      #expect(rows[1]["metrics"] == .array([.string("x")]))
      let first = try await client.get("/v1/devices?limit=1")
      #expect(try first.rows.count == 1)
      let second = try await client.get(try #require(first.next))
      #expect(try second.rows.map { $0["device"]?.text } == ["b"])
      #expect(second.next == nil)
      let lines = try await client.get("/v1/devices?format=ndjson")
      #expect(lines.text.split(separator: "\n").count == 2)
      #expect(try await client.get("/v1/devices?format=csv").status == .badRequest)
    }
  }

  @Test func showsEverythingOfADevice() async throws {
    let hub = TestHub()
    try hub.fill("pi", "x", count: 10)
    hub.registry.connected(
      device: "pi", connection: .init(clientIdentifier: "agent", protocolName: "MQTT 5.0", since: TestHub.start - 5))
    try hub.registry.setAttributes(device: "pi", payload: Array(#"{"model":"Pi 5"}"#.utf8), now: TestHub.start)
    hub.registry.activity(of: "pi", now: TestHub.start)?.add(
      DeviceCounts(messages: 10, readings: 10, redatedTimestamps: 2), now: TestHub.start)
    try await hub.application().test(.router) { client in
      let device = try await client.get("/v1/devices/pi").json
      #expect(device["attributes"]?["model"]?.text == "Pi 5")
      #expect(device["presence"]?["connected"]?["reason"]?.text == "MQTT 5.0 session")
      #expect(device["presence"]?["responsive"]?["value"] == .null)
      #expect(device["received"]?["redated_timestamps"] == .number("2"))
      guard case .array(let metrics)? = device["metrics"] else {
        Issue.record("no metrics")
        return
      }
      #expect(metrics.first?["readings"] == .number("10"))
      #expect(metrics.first?["value"] == .number("9"))
      #expect(metrics.first?["interval_ms"] == .number("1000"))
      #expect(metrics.first?["age_ms"] == .number("1000"))
    }
  }

  static let refused: [(String, HTTPFields, HTTPResponse.Status)] = [
    ("{", [:], .badRequest), ("", [:], .badRequest), ("[1]", [:], .badRequest), ("{\"a\":NaN}", [:], .badRequest),
    (String(repeating: "[", count: 10_000), [:], .badRequest),
    (String(repeating: " ", count: 300_000), [:], .contentTooLarge),
    ("{}", [.contentType: "application/xml"], .unsupportedMediaType),
    ("{}", [.contentType: "multipart/form-data; boundary=x"], .unsupportedMediaType),
    ("{}", [.contentEncoding: "gzip"], .unsupportedMediaType),
  ]

  @Test(arguments: refused)
  func refusesWhatItCannotRead(body: String, headers: HTTPFields, status: HTTPResponse.Status) async throws {
    let hub = TestHub()
    try await hub.application().test(.router) { client in
      let response = try await client.send(.post, "/v1/devices/pi/telemetry", body, headers: headers)
      #expect(response.status == status)
      #expect(response.headers[.contentType] == "application/problem+json")
      #expect(hub.store.statistics.readingsStored == 0)
      // What came as far as being read is kept as a dead letter.
      let kept = try await client.get("/v1/dead-letters").rows
      #expect(kept.count == (status == .badRequest && !body.isEmpty ? 1 : 0))
    }
  }

  @Test(arguments: [
    "application/x-www-form-urlencoded", "text/plain; charset=utf-8", "application/json", "application/senml+json",
  ])
  func takesWhatScriptsSend(type: String) async throws {
    try await TestHub().application().test(.router) { client in
      let response = try await client.send(
        .post, "/v1/devices/pi/telemetry", #"{"x":1}"#, headers: [.contentType: type])
      #expect(response.status == .noContent)
    }
  }

  @Test(arguments: ["me", ".", "..", "a%2Fb", "a%20b", "%ff", "%", String(repeating: "a", count: 65), "caf%C3%A9"])
  func refusesWhatIsNoDeviceName(name: String) async throws {
    try await TestHub().application().test(.router) { client in
      let response = try await client.send(.post, "/v1/devices/\(name)/telemetry", #"{"x":1}"#)
      #expect(response.status == .badRequest)
      #expect(try response.json["parameter"]?.text == "device")
    }
  }

  @Test(arguments: [
    (PublishOutcome.refused(reason: "too many devices"), HTTPResponse.Status.unprocessableContent),
    (.unavailable(reason: "stopping"), .serviceUnavailable),
  ])
  func tellsWhyItWasNotTaken(outcome: PublishOutcome, status: HTTPResponse.Status) async throws {
    let hub = TestHub()
    hub.operations.state.withLock { $0.publishRefusal = outcome }
    try await hub.application().test(.router) { client in
      let response = try await client.send(.post, "/v1/devices/pi/telemetry", "{}")
      #expect(response.status == status)
    }
  }

  @Test func showsDeadLettersNewestFirst() async throws {
    let hub = TestHub()
    for index in 0..<5 {
      hub.operations.state.withLock { $0.now += 1_000 }
      await hub.publish("pi", "{\"broken\":\(index)")
    }
    try await hub.application().test(.router) { client in
      let response = try await client.get("/v1/dead-letters?limit=3")
      let rows = try response.rows
      #expect(rows.map { $0["payload"]?.text } == ["{\"broken\":4", "{\"broken\":3", "{\"broken\":2"])
      #expect(rows[0]["time"]?.text == "2026-11-22T10:00:05.000Z")
      #expect(rows[0]["topic"]?.text == "v1/devices/pi/telemetry")
      #expect(rows[0]["device"]?.text == "pi")
      #expect(rows[0]["reason"]?.text?.hasPrefix("invalid JSON at byte") == true)
      #expect(rows[0]["bytes"] == .number("11"))
      #expect(response.header("X-Total-Count") == "5")
      let rest = try await client.get(try #require(response.next))
      #expect(try rest.rows.map { $0["payload"]?.text } == ["{\"broken\":1", "{\"broken\":0"])
      #expect(rest.next == nil)
      #expect(try await client.get("/v1/dead-letters?cursor=x").status == .badRequest)
    }
  }
}

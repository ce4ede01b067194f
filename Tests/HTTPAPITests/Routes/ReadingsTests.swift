import DeviceManagement
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import HTTPAPI

@Suite struct ReadingsTests {
  private func hub() async -> TestHub {
    let hub = TestHub()
    await hub.publish("pi", #"{"ts":1795341540000,"temperature":21.5,"on":true,"mode":"a,\"b\""}"#)
    await hub.publish("pi", #"{"ts":1795341541000,"temperature":21,"on":false,"mode":"é"}"#)
    return hub
  }

  @Test func rowsAreTheDefault() async throws {
    try await hub().application().test(.router) { client in
      let response = try await client.get("/v1/readings?device=pi")
      #expect(response.status == .ok)
      #expect(response.headers[.contentType] == "application/json")
      #expect(response.header("X-Truncated") == nil)
      #expect(response.headers[.cacheControl] == "no-store")
      #expect(
        response.text == """
          [{"time":"2026-11-22T09:59:00.000Z","device":"pi","metric":"mode","value":"a,\\"b\\""},
          {"time":"2026-11-22T09:59:01.000Z","device":"pi","metric":"mode","value":"é"},
          {"time":"2026-11-22T09:59:00.000Z","device":"pi","metric":"on","value":true},
          {"time":"2026-11-22T09:59:01.000Z","device":"pi","metric":"on","value":false},
          {"time":"2026-11-22T09:59:00.000Z","device":"pi","metric":"temperature","value":21.5},
          {"time":"2026-11-22T09:59:01.000Z","device":"pi","metric":"temperature","value":21}]

          """)
      #expect(try response.rows.count == 6)
    }
  }

  @Test(
    arguments: [
      ("format=csv", nil, "text/csv; charset=utf-8; header=present"),
      ("", "text/csv", "text/csv; charset=utf-8; header=present"),
      ("", "text/html, text/*;q=0.5", "text/csv; charset=utf-8; header=present"),
      ("format=ndjson", "text/csv", "application/x-ndjson"), ("", "application/x-ndjson", "application/x-ndjson"),
      ("", "application/jsonl", "application/x-ndjson"), ("", "*/*", "application/json"),
      ("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
      ("", "text/csv;q=0.5, application/json;q=0.4", "text/csv; charset=utf-8; header=present"),
      ("", "application/json;q=0, */*;q=0.1", "application/json"),
    ] as [(String, String?, String)])
  func formatIsChosen(query: String, accept: String?, contentType: String) async throws {
    try await hub().application().test(.router) { client in
      let response = try await client.get("/v1/readings?device=pi&\(query)", accept: accept)
      #expect(response.status == .ok)
      #expect(response.headers[.contentType] == contentType)
    }
  }

  @Test func writesLinesColumnsAndCSV() async throws {
    try await hub().application().test(.router) { client in
      let csv = try await client.get("/v1/readings?device=pi&format=csv")
      #expect(
        csv.text == """
          time,device,metric,value
          2026-11-22T09:59:00.000Z,pi,mode,"a,""b\"""
          2026-11-22T09:59:01.000Z,pi,mode,é
          2026-11-22T09:59:00.000Z,pi,on,true
          2026-11-22T09:59:01.000Z,pi,on,false
          2026-11-22T09:59:00.000Z,pi,temperature,21.5
          2026-11-22T09:59:01.000Z,pi,temperature,21

          """)
      let lines = try await client.get("/v1/readings?device=pi&metric=on&format=ndjson")
      #expect(
        lines.text == """
          {"time":"2026-11-22T09:59:00.000Z","device":"pi","metric":"on","value":true}
          {"time":"2026-11-22T09:59:01.000Z","device":"pi","metric":"on","value":false}

          """)
      let columns = try await client.get("/v1/readings?device=pi&metric=t*,on&format=columns")
      #expect(
        columns.text == """
          [{"device":"pi","metric":"on","time":[1795341540000,1795341541000],"value":[true,false]},
          {"device":"pi","metric":"temperature","time":[1795341540000,1795341541000],"value":[21.5,21]}]

          """)
      for format in ["json", "columns"] {
        let empty = try await client.get("/v1/readings?device=pi&from=-10s&format=\(format)")
        #expect(empty.text == "[]\n")
      }
      #expect(try await client.get("/v1/readings?device=pi&from=-10s&format=ndjson").text == "")
      #expect(try await client.get("/v1/readings?device=pi&from=-10s&format=csv").text == "time,device,metric,value\n")
    }
  }

  @Test func windowsAndAggregates() async throws {
    let hub = TestHub()
    try hub.fill("pi", "n", count: 120)
    try await hub.application().test(.router) { client in
      let mean = try await client.get("/v1/readings?device=pi&metric=n&from=-2m&every=1m&format=csv")
      #expect(
        mean.text == """
          time,device,metric,value
          2026-11-22T09:58:00.000Z,pi,n,29.5
          2026-11-22T09:59:00.000Z,pi,n,89.5

          """)
      let count = try await client.get("/v1/readings?device=pi&from=2026-11-22T09:59:00%2B00:00&every=1m&agg=count")
      #expect(try count.rows.first?["value"]?.double == 60)
      // A plus sign stands for itself: no one need escape the zone of a time.
      let plus = try await client.get("/v1/readings?device=pi&from=2026-11-22T10:59:00+01:00&every=1m&agg=count")
      #expect(try plus.rows.first?["value"]?.double == 60)
    }
  }

  @Test(arguments: ["json", "ndjson", "csv"])
  func pagesCoverEverythingOnce(format: String) async throws {
    let hub = TestHub()
    try hub.fill("a", "x", count: 25)
    try hub.fill("b", "é", count: 25)
    try await hub.application().test(.router) { client in
      let whole = try await client.get("/v1/readings?device=*&format=\(format)")
      #expect(whole.next == nil)
      var uri = "/v1/readings?device=*&limit=7&from=-1h&format=\(format)"
      var lines: [Substring] = []
      var pages = 0
      while true {
        let page = try await client.get(uri)
        #expect(page.status == .ok)
        lines += Self.lines(page.text)
        pages += 1
        guard let next = page.next else {
          #expect(page.header("X-Truncated") == nil)
          break
        }
        #expect(page.header("X-Truncated") == "true")
        // What was relative to now is pinned in the link.
        #expect(next.contains("from=2026-11-22T09:00:00.000Z"))
        hub.operations.state.withLock { $0.now += 60_000 }
        uri = next
      }
      #expect(pages == 8)
      #expect(lines == Self.lines(whole.text))
      #expect(lines.count == 50)
    }
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n").map { line in
      var line = line.hasPrefix("[") ? line.dropFirst() : line
      while let last = line.last, last == "," || last == "]" { line.removeLast() }
      return line
    }.filter { !$0.hasPrefix("time,") }
  }

  @Test func longAnswersSayWhereTheyEnd() async throws {
    let hub = TestHub()
    try hub.fill("a", "x", count: 3_000)
    try hub.fill("b", "x", count: 3_000)
    try await hub.application().test(.router) { client in
      let first = try await client.get("/v1/readings?from=-2h&limit=4000")
      #expect(first.body.readableBytes > 4 * 32 * 1024)
      #expect(try first.rows.count == 4_000)
      #expect(first.header("X-Truncated") == "true")
      let second = try await client.get(try #require(first.next))
      #expect(try second.rows.count == 2_000)
      #expect(second.next == nil)
      let columns = try await client.get("/v1/readings?from=-2h&format=columns")
      guard case .array(let series) = try columns.json, case .array(let values)? = series.last?["value"] else {
        Issue.record("no columns")
        return
      }
      #expect(series.count == 2)
      #expect(values.count == 3_000)
    }
  }

  static let wrong: [(String, String)] = [
    ("from=yesterday", "from"), ("from=now&to=-1h", "from"), ("from=99999999999999999999", "from"),
    ("from=-99999999999999999d", "from"), ("to=nan", "to"), ("every=-5m", "every"), ("every=0s", "every"),
    ("every=5", "every"), ("every=1ms&from=-365d", "every"), ("agg=mean", "agg"), ("every=1m&agg=median", "agg"),
    ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=1000001", "limit"), ("limit=1e3", "limit"),
    ("limit=99999999999999999999", "limit"), ("limit=100001&format=columns", "limit"), ("format=xml", "format"),
    ("cursor=x", "cursor"), ("tz=Europe/Berlin", "tz"), ("form=-1h", "form"), ("device=pi&device=pi", "device"),
    ("device=", "device"), ("metric=", "metric"), ("metric=a,,b", "metric"), ("device=%ff", "query"),
    ("device=%4", "query"), ("%zz=1", "query"), ("from=", "from"), ("=", ""),
  ]

  @Test(arguments: wrong)
  func namesTheParameterThatIsWrong(query: String, parameter: String) async throws {
    try await hub().application().test(.router) { client in
      let response = try await client.get("/v1/readings?\(query)")
      #expect(response.status == .badRequest)
      #expect(response.headers[.contentType] == "application/problem+json")
      let problem = try response.json
      #expect(problem["parameter"]?.text == parameter)
      #expect(problem["status"] == .number("400"))
      #expect(problem["received"]?.text != nil)
      #expect(problem["allowed"]?.text?.isEmpty == false)
      #expect(problem["detail"]?.text?.isEmpty == false)
    }
  }

  @Test func whatIsNotKnownIsNotFound() async throws {
    let hub = await hub()
    try hub.registry.setStatus(device: "quiet", payload: Array("online".utf8), now: 1)
    try await hub.application().test(.router) { client in
      for uri in ["/v1/readings?device=nobody", "/v1/latest?device=nobody", "/v1/devices/nobody"] {
        let response = try await client.get(uri)
        #expect(response.status == .notFound)
        #expect(try response.json["received"]?.text == "nobody")
      }
      // One of several may be unknown, and a device may have no readings yet.
      #expect(try await client.get("/v1/readings?device=pi,nobody").status == .ok)
      #expect(try await client.get("/v1/readings?device=quiet").text == "[]\n")
      #expect(try await client.get("/v1/readings?device=no*").text == "[]\n")
      #expect(try await client.get("/v1/devices/quiet").status == .ok)
    }
  }

  @Test func whatCannotBeWrittenIsNotAcceptable() async throws {
    try await hub().application().test(.router) { client in
      let response = try await client.get("/v1/readings", accept: "image/png, text/html")
      #expect(response.status == .notAcceptable)
      #expect(try response.json["parameter"]?.text == "Accept")
    }
  }
}

import DeviceAgentKit
import Glibc
import MQTTProtocol
import Testing

/// What devices publish, and what HTTP then tells of it.
@Suite struct TelemetryTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var suffix = "telemetry"
    let payload: String
    /// Each metric with its newest value.
    let values: [String: JSONValue]

    var testDescription: String { "\(suffix): \(payload)" }
  }

  static let cases = [
    Case(
      payload: #"{"temperature":21.5,"humidity":40,"door":"open","alarm":false}"#,
      values: ["temperature": 21.5, "humidity": 40, "door": "open", "alarm": false]),
    Case(
      payload: #"{"ENERGY":{"Power":5,"Today":{"kWh":0.25}}}"#, values: ["ENERGY.Power": 5, "ENERGY.Today.kWh": 0.25]),
    Case(payload: #"{"accel":[0.1,-0.2,9.81]}"#, values: ["accel.0": 0.1, "accel.1": -0.2, "accel.2": 9.81]),
    Case(payload: #"{"values":{"t":-1e-3},"boot":"b1","seq":1}"#, values: ["t": -0.001]),
    Case(payload: #"[{"values":{"n":1}},{"values":{"n":2}},{"m":3}]"#, values: ["n": 2, "m": 3]),
    Case(payload: #"{"kept":1,"nothing":null,"empty":{},"none":[]}"#, values: ["kept": 1]),
    Case(payload: #"{"a b":1}"#, values: ["a_b": 1]),
    Case(payload: " \n{ \"t\" : 1 } \r\n", values: ["t": 1]),
    Case(suffix: "telemetry/temperature", payload: "21.5", values: ["temperature": 21.5]),
    Case(suffix: "telemetry/door/front", payload: #""open""#, values: ["door.front": "open"]),
    Case(suffix: "telemetry/alarm", payload: "true", values: ["alarm": true]),
    Case(suffix: "telemetry/n", payload: #"{"value":7}"#, values: ["n": 7]),
  ]

  @Test(arguments: cases)
  func isLatest(_ testCase: Case) throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "board")
      #expect(try device.publish("v1/devices/me/\(testCase.suffix)", testCase.payload) == .success)
      // Whatever is acknowledged is there to be read, at once.
      let rows = try hub.json("/v1/latest?device=board").elements
      var values: [String: JSONValue] = [:]
      for row in rows {
        values[row["metric"]?.string ?? ""] = row["value"]
        let age = try #require(row["age_ms"]?.integer)
        #expect((0..<10_000).contains(age))
      }
      #expect(values == testCase.values)
    }
  }

  @Test func readsTimesInEveryForm() throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "board")
      let milliseconds = try wholeHourAgo(hub) + 250
      var seconds = time_t(milliseconds / 1_000)
      var parts = tm()
      gmtime_r(&seconds, &parts)
      var buffer = [CChar](repeating: 0, count: 64)
      let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
      let text = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let forms = [
        "\(seconds).250", "\(milliseconds)", "\(milliseconds)000", "\(milliseconds)000000", "\"\(text).25Z\"",
        "\"\(text).250+00:00\"",
      ]
      for (number, form) in forms.enumerated() {
        try device.publish("v1/devices/board/telemetry", #"{"ts":\#(form),"form.\#(number)":1}"#)
      }
      let rows = try hub.json("/v1/latest?device=board").elements
      #expect(rows.map { $0["time"]?.string } == forms.map { _ in "\(text).250Z" })
    }
  }

  @Test func storesWhatAWillSays() throws {
    try withHub { hub in
      let will = Will(
        topic: "v1/devices/me/telemetry", payload: Array(#"{"online":false}"#.utf8), qos: .atLeastOnce, retain: false)
      do {
        let device = try MQTTPeer.connected(hub.mqttPort, "board", will: will)
        try device.publish("v1/devices/me/telemetry", #"{"online":true}"#)
        #expect(try hub.latest("board", "online") == true)
      }
      try eventually("the will") { try hub.latest("board", "online") == false }
    }
  }

  @Test func keepsNamesInEveryScript() throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "board")
      try device.publish(
        "v1/devices/me/telemetry", #"{"température":21,"温度":22,"\ud83c\udf21":23,"a,b\"c/d*e?f g":24}"#)
      let rows = try hub.json("/v1/latest").elements
      let names = rows.compactMap { $0["metric"]?.string }
      #expect(Set(names) == ["température", "温度", "🌡", "a_b_c_d_e_f_g"])
      let one = try hub.json("/v1/readings?metric=temp%C3%A9rature").elements
      #expect(one.map { $0["value"]?.integer } == [21])
      let pattern = try hub.json("/v1/readings?metric=%E6%B8%A9*,%F0%9F%8C%A1").elements
      #expect(Set(pattern.map { $0["value"]?.integer }) == [22, 23])
    }
  }

  @Test func replacesTimesOfAClockThatWasNeverSet() throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "board")
      try device.publish("v1/devices/board/telemetry", #"[{"ts":12,"values":{"t":1}},{"ts":13,"values":{"t":2}}]"#)
      let rows = try hub.json("/v1/readings?device=board&from=-1m&to=%2B1m").elements
      #expect(rows.map { $0["value"]?.integer } == [1, 2])
      #expect(try hub.metric("telemetry_hub_timestamps_replaced_total") == 2)
    }
  }

  @Test func answersRawAndInWindows() throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "board")
      let hour = try wholeHourAgo(hub)
      // A reading each ten seconds of ten minutes, sent in two halves that come in the wrong order.
      func batch(_ range: Range<Int64>) -> String {
        let objects = range.map { #"{"ts":\#(hour + $0 * 10_000),"values":{"n":\#($0),"flag":\#($0 % 2 == 0)}}"# }
        return "[\(objects.joined(separator: ","))]"
      }
      try device.publish("v1/devices/board/telemetry", batch(30..<60))
      try device.publish("v1/devices/board/telemetry", batch(0..<30))
      // Sent again, as a device does that saw no acknowledgement: nothing changes.
      try device.publish("v1/devices/board/telemetry", batch(0..<30))
      #expect(try hub.metric("telemetry_hub_readings_stored") == 120)

      let range = "device=board&from=\(hour)&to=\(hour + 600_000)"
      let raw = try hub.json("/v1/readings?\(range)&metric=n").elements
      #expect(raw.map { $0["value"]?.integer } == (0..<60).map { $0 })

      let expected: [(String, [Int64])] = [
        ("count", Array(repeating: 6, count: 10)), ("min", (0..<10).map { $0 * 6 }),
        ("max", (0..<10).map { $0 * 6 + 5 }), ("first", (0..<10).map { $0 * 6 }), ("last", (0..<10).map { $0 * 6 + 5 }),
        ("sum", (0..<10).map { $0 * 36 + 15 }),
      ]
      for (aggregate, values) in expected {
        let rows = try hub.json("/v1/readings?\(range)&metric=n&every=1m&agg=\(aggregate)").elements
        #expect(rows.map { $0["value"]?.integer } == values, "\(aggregate)")
      }
      let means = try hub.json("/v1/readings?\(range)&metric=n&every=1m").elements
      #expect(means.map { $0["value"]?.number } == (0..<10).map { Double($0) * 6 + 2.5 })
      let shares = try hub.json("/v1/readings?\(range)&metric=fl*&every=10m&agg=mean").elements
      #expect(shares.map { $0["value"]?.number } == [0.5])

      let csv = try hub.http("GET", "/v1/readings?\(range)&metric=n&limit=2&format=csv")
      #expect(csv.lines.count == 3)
      #expect(csv.lines.first == "time,device,metric,value")
      #expect(csv.headers["x-truncated"] == "true")
      let lines = try hub.http("GET", "/v1/readings?\(range)&format=ndjson").lines
      #expect(lines.count == 120)
    }
  }

  @Test func followsItsPages() throws {
    try withHub { hub in
      let device = try MQTTPeer.connected(hub.mqttPort, "board")
      let hour = try wholeHourAgo(hub)
      let readings = (0..<25).map { #"{"ts":\#(hour + Int64($0) * 1_000),"values":{"a":\#($0),"b":\#($0)}}"# }
      try device.publish("v1/devices/board/telemetry", "[\(readings.joined(separator: ","))]")
      var path: String? = "/v1/readings?from=-2h&limit=7"
      var rows: [String] = []
      for _ in 0..<20 {
        guard let page = path else { break }
        let answer = try hub.http("GET", page)
        #expect(answer.status == 200)
        rows += try answer.json().elements.map { "\($0["metric"]?.string ?? "?") \($0["value"]?.integer ?? -1)" }
        path = answer.headers["link"].flatMap { link in
          link.split(separator: ">").first.map { String($0.dropFirst()) }
        }
      }
      #expect(rows == (0..<25).map { "a \($0)" } + (0..<25).map { "b \($0)" })
    }
  }

  /// The Unix milliseconds of a whole hour, one to two hours ago by the hub's clock.
  private func wholeHourAgo(_ hub: HubProcess) throws -> Int64 {
    let peer = try MQTTPeer.connected(hub.mqttPort, "clock")
    try peer.subscribe("v1/devices/me/time/response")
    try peer.publish("v1/devices/me/time", "")
    let now = try #require(try JSONReader.value(try peer.message().payload)["time"]?.integer)
    #expect(abs(now - WallClock.unixMilliseconds()) < 10_000)
    return now / 3_600_000 * 3_600_000 - 3_600_000
  }
}

import Testing
import TimeSeriesStorage

@testable import TelemetryHub

/// InfluxDB line protocol (docs.influxdata.com, "Line protocol reference").
@Suite struct InfluxRowReaderTests {
  private static let time: Int64 = 1_700_000_000_123

  private static func row(_ device: String, _ metric: String, _ value: Value, at time: Int64? = time) -> TransferRow {
    TransferRow(time: time, device: device, metric: metric, value: value)
  }

  @Test(arguments: [
    (
      "weather,device=porch temp=21.5,ok=t,n=-3i,u=4u,s=\"a, \\\"b\\\" \\\\ \\c=\" 1700000000123456789",
      [
        row("porch", "weather.temp", .number(21.5)), row("porch", "weather.ok", .boolean(true)),
        row("porch", "weather.n", .number(-3)), row("porch", "weather.u", .number(4)),
        row("porch", "weather.s", .text("a, \"b\" \\ \\c=")),
      ]
    ),
    ("cpu,host=h,cpu=cpu0 idle=1 1700000000123000000", [row("h", "cpu.idle", .number(1))]),
    ("cpu,host=h,device=d idle=1 1700000000123000000", [row("d", "cpu.idle", .number(1))]),
    (
      "kitchen temp=1.,x=.5,y=+1e3,z=-2E-1 1700000000123000000",
      [
        row("kitchen", "temp", .number(1)), row("kitchen", "x", .number(0.5)), row("kitchen", "y", .number(1_000)),
        row("kitchen", "z", .number(-0.2)),
      ]
    ),
    (
      "my\\ room,a\\,b=c\\=d f\\ g=\"\",h\\\\=F",
      [
        row("my room", "f g", .text(""), at: nil), row("my room", "h\\", .boolean(false), at: nil),
      ]
    ),
    ("  m f=true   1700000000123000000  \r", [row("m", "f", .boolean(true))]),
    ("m f=1 -1", [row("m", "f", .number(1), at: -1)]),
    (
      "m f=9223372036854775807i,g=18446744073709551615u",
      [
        row("m", "f", .number(9_223_372_036_854_775_808), at: nil),
        row("m", "g", .number(18_446_744_073_709_551_616), at: nil),
      ]
    ),
    ("# a comment", []), ("", []), ("   ", []),
  ])
  func reads(line: String, rows: [TransferRow]) {
    let read = ReadFile(Array(line.utf8), InfluxRowReader())
    #expect(read.faults.isEmpty)
    #expect(read.rows == rows)
  }

  @Test(arguments: [
    (InfluxOptions.Precision.ns, Int64(1_700_000_000_123_999_999), Int64?(time)), (.us, 1_700_000_000_123_999, time),
    (.ms, time, time), (.s, 1_700_000_000, 1_700_000_000_000), (.ns, -1, -1), (.us, -1_000, -1), (.s, .max, nil),
    (.ns, .min, -9_223_372_036_855),
  ])
  func timesHaveAUnit(precision: InfluxOptions.Precision, number: Int64, milliseconds: Int64?) {
    #expect(precision.milliseconds(number) == milliseconds)
  }

  @Test func tagsMayNameDeviceAndMetric() {
    let options = InfluxOptions(precision: .ms, deviceTags: ["room"], metricTags: ["cpu", "core"])
    var reader = InfluxRowReader(options)
    var rows: [TransferRow] = []
    for line in ["m,room=r,core=1,cpu=a,x=y f=1 5", "m,host=h,x=y f=1 5"] {
      #expect(throws: Never.self) { try reader.read(Array(line.utf8), into: &rows) }
    }
    #expect(rows == [Self.row("r", "m.a.1.f", .number(1), at: 5), Self.row("m", "f", .number(1), at: 5)])
    #expect(reader.ignoredNames == ["host", "x"])
  }

  @Test(arguments: [
    (",a=b f=1", "no measurement"), ("m", "no fields"), ("m,a f=1", "a tag without a key or a value"),
    ("m,=b f=1", "a tag without a key or a value"), ("m,a= f=1", "the tag \"a\" has no value"),
    ("m f", "a field without a key or a value"), ("m f=1,", "a field without a key or a value"),
    ("m f=\"a", "a quote that is not closed"), ("m f=\"a\"b", "text after a closing quote"),
    ("m f=1 soon", "the time is \"soon\", allowed is a whole number of ns"),
    ("m f=1 1 2", "the time is \"1\", allowed is a whole number of ns"),
    ("m f=1.5i", "the field \"f\" is \"1.5i\", allowed is \(allowedValues)"),
    ("m f=-1u", "the field \"f\" is \"-1u\", allowed is \(allowedValues)"),
    ("m f=NaN", "the field \"f\" is \"NaN\", allowed is \(allowedValues)"),
    ("m f=0x1p3", "the field \"f\" is \"0x1p3\", allowed is \(allowedValues)"),
    ("m f=", "the field \"f\" is \"\", allowed is \(allowedValues)"),
  ])
  func saysWhatIsWrong(line: String, reason: String) {
    let read = ReadFile(Array(line.utf8), InfluxRowReader())
    #expect(read.rows.isEmpty, "all of a line or nothing")
    #expect(read.faults == ["1: \(reason)"])
  }

  private static let allowedValues = "a number (1.5, 2i, 3u), t, f, true, false or a text in double quotes"
}

import Testing
import TimeSeriesStorage

@testable import TelemetryHub

/// What each format takes, and what it says of what it does not take.
@Suite struct RowReaderTests {
  private static let time: Int64 = 1_700_000_000_000

  @Test(arguments: [
    ("time,device,metric,value\n2023-11-14T22:13:20Z,d,m,1.5\n", Value.number(1.5)),
    ("time,device,metric,value\r\n1700000000,d,m,true\r\n", .boolean(true)),
    ("time,device,metric,value\n1700000000000,d,m,\"true\"\n", .text("true")),
    ("time,device,metric,value\n1700000000,d,m,open", .text("open")),
    ("\u{FEFF}value,extra,metric,device,time\n-0,x,m,d,1700000000\n", .number(-0.0)),
    ("time,device,metric,kind,value\n1700000000,d,m,text,\n", .text("")),
    (
      "time,device,metric,kind,value\n\n1700000000,d,m,number,NaN:7ff8000000000001\n",
      .number(Double(bitPattern: 0x7FF8_0000_0000_0001))
    ),
  ])
  func readsCSV(text: String, value: Value) {
    let read = ReadFile(Array(text.utf8), CSVRowReader())
    #expect(read.faults.isEmpty)
    #expect(
      read.rows.map(ExactRow.init) == [ExactRow(row: .init(time: Self.time, device: "d", metric: "m", value: value))])
  }

  @Test(arguments: [
    ("1700000000,d,m", "3 fields, where the first line has 5"),
    ("1700000000,d,m,number,1,2", "6 fields, where the first line has 5"),
    ("yesterday,d,m,number,1", "time is \"yesterday\", allowed is \(TimeText.allowed)"),
    ("now,d,m,number,1", "time is \"now\", allowed is \(TimeText.allowed)"),
    ("-10m,d,m,number,1", "time is \"-10m\", allowed is \(TimeText.allowed)"),
    ("1700000000,d,m,number,0x10", "value is \"0x10\", allowed is a number"),
    ("1700000000,d,m,number,1e999", "value is \"1e999\", allowed is a number"),
    ("1700000000,d,m,boolean,1", "value is \"1\", allowed is true or false"),
    ("1700000000,d,m,int,1", "kind is \"int\", allowed is number, boolean or text"),
    ("1700000000,d,m,text,\"a\"b", "text after a closing quote"),
    ("1700000000,d,m,text,\"a", "a quote that is not closed"),
  ])
  func saysWhatIsWrongWithCSV(line: String, reason: String) {
    let read = ReadFile(Array("time,device,metric,kind,value\n\(line)\n".utf8), CSVRowReader())
    #expect(read.rows.isEmpty)
    #expect(read.faults == ["2: \(reason)"])
  }

  @Test func aHeaderIsNeeded() {
    let read = ReadFile(Array("1700000000,d,m,1\n1700000000,d,m,2\n".utf8), CSVRowReader())
    #expect(read.faults == ["1: the first line must name the columns time, device, metric and value"])
  }

  @Test func aLineFeedWithinQuotesCountsAsALine() {
    let text = "time,device,metric,value\n1700000000,d,m,\"a\nb\"\n1,d\n"
    let read = ReadFile(Array(text.utf8), CSVRowReader())
    #expect(read.rows.map(\.value) == [.text("a\nb")])
    #expect(read.faults == ["4: 2 fields, where the first line has 4"])
  }

  @Test func aLineThatIsTooLongIsOneFault() {
    var splitter = LineSplitter(quotesLineFeeds: true, limit: 10)
    var lines: [(Int, LineSplitter.Line)] = []
    let text = Array("a,b\n\"0123456789012345\nc,d\n\"e\n".utf8)
    for byte in text {
      _ = [byte].withUnsafeBytes {
        splitter.take($0) {
          lines.append(($0, $1)); return true
        }
      }
    }
    _ = splitter.finish {
      lines.append(($0, $1)); return true
    }
    #expect(lines.map(\.0) == [1, 2, 3, 4])
    #expect(
      lines.map(\.1) == [.text(Array("a,b".utf8)), .tooLong, .text(Array("c,d".utf8)), .text(Array("\"e\n".utf8))])
  }

  @Test(arguments: [
    ("{\"time\":1700000000,\"device\":\"d\",\"metric\":\"m\",\"value\":-0}", Value.number(-0.0)),
    ("{\"value\":\"x\",\"metric\":\"m\",\"device\":\"d\",\"time\":\"2023-11-14T22:13:20Z\",\"more\":[{}]}", .text("x")),
    (
      "{\"time\":1700000000,\"device\":\"d\",\"metric\":\"m\",\"kind\":\"number\",\"value\":\"-Infinity\"}",
      .number(-.infinity)
    ),
  ])
  func readsNDJSON(line: String, value: Value) {
    let read = ReadFile(Array("\(line)\n \n".utf8), NDJSONRowReader())
    #expect(read.faults.isEmpty)
    #expect(
      read.rows.map(ExactRow.init) == [ExactRow(row: .init(time: Self.time, device: "d", metric: "m", value: value))])
  }

  @Test(arguments: [
    ("{", "invalid JSON at byte 1: expected a name in quotes, found the end"),
    ("[]", "an array, where an object is allowed"),
    ("{\"device\":\"d\",\"metric\":\"m\",\"value\":1}", "time is missing, allowed is \(TimeText.allowed)"),
    ("{\"time\":1,\"device\":1,\"metric\":\"m\",\"value\":1}", "device is a number, allowed is a string"),
    (
      "{\"time\":1,\"device\":\"d\",\"metric\":\"m\",\"value\":null}",
      "value is null, allowed is a number, true, false or a string"
    ),
    (
      "{\"time\":1,\"device\":\"d\",\"metric\":\"m\",\"value\":1e999}",
      "value is \"1e999\", more than a double can hold"
    ),
    (
      "{\"time\":1,\"device\":\"d\",\"metric\":\"m\",\"kind\":\"number\",\"value\":\"x\"}",
      "value is \"x\", allowed is a number"
    ),
  ])
  func saysWhatIsWrongWithNDJSON(line: String, reason: String) {
    let read = ReadFile(Array(line.utf8), NDJSONRowReader())
    #expect(read.rows.isEmpty)
    #expect(read.faults == ["1: \(reason)"])
  }

  @Test(arguments: [
    ("a.csv", TransferFormat.csv), ("a.NDJSON", .ndjson), ("x/y.jsonl", .ndjson), ("weather.lp", .influx),
  ])
  func theNameTellsTheFormat(name: String, format: TransferFormat) { #expect(TransferFormat(fileName: name) == format) }

  @Test(arguments: [
    ("time,device,metric,kind,value\n", TransferFormat.csv), ("\n {\"time\":1}", .ndjson), ("m f=1", .influx),
    ("# comment\nm f=1", .influx), ("", .csv),
  ])
  func theContentsTellTheFormat(text: String, format: TransferFormat) {
    #expect(TransferFormat(fileName: "-") == nil)
    #expect(TransferFormat(contents: Array(text.utf8)) == format)
  }

  @Test(arguments: [
    ("a b", "a_b"), ("a  /\"b", "a_b"), ("größe", "größe"), ("a\u{85}b", "a_b"), ("ok.x", "ok.x"), (" ", "_"),
  ])
  func metricsAreMadeToFit(name: String, metric: String) { #expect(MetricText.sanitized(name) == metric) }
}

import Testing
import TimeSeriesStorage

@Suite struct NameTests {
  static let deviceNames: [(String, Bool)] = [
    ("pump-1", true), ("a", true), ("AZaz09._:-", true), ("...", true), ("Me", true), ("mee", true),
    (String(repeating: "x", count: 64), true), (String(repeating: "x", count: 65), false), ("", false), (".", false),
    ("..", false), ("me", false), ("a b", false), ("a/b", false), ("a*", false), ("é", false), ("a\u{0}", false),
    ("a+", false), ("#", false), ("$SYS", false),
  ]

  @Test(arguments: deviceNames)
  func knowsDeviceNames(_ name: String, _ isValid: Bool) {
    #expect(DeviceName.isValid(name) == isValid)
    #expect(((try? TimeSeriesStore().device(named: name)) != nil) == isValid)
  }

  static let metricNames: [(String, Bool)] = [
    ("temperature", true), ("ENERGY.Power", true), ("accel.0", true), ("Außentemperatur", true), ("温度", true),
    ("a+b", true), ("a#b", true), (String(repeating: "x", count: 128), true),
    (String(repeating: "x", count: 129), false),
    ("", false), ("a b", false), ("a/b", false), ("a*", false), ("a?", false), ("a,b", false), ("\"a\"", false),
    ("'a'", false), ("a\n", false), ("a\u{7F}", false), ("a\u{85}", false), ("a\u{9F}", false), ("a\u{A1}", true),
    (String(repeating: "é", count: 64), true), (String(repeating: "é", count: 65), false),
  ]

  @Test(arguments: metricNames)
  func knowsMetricNames(_ name: String, _ isValid: Bool) throws {
    #expect(MetricName.isValid(name) == isValid)
    let store = TimeSeriesStore()
    let device = try store.device(named: "d")
    #expect(((try? store.series(of: device, metric: name)) != nil) == isValid)
  }

  @Test(arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x61, 0x80]] as [[UInt8]])
  func refusesBrokenUTF8(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in #expect(!MetricName.isValid(bytes)) }
  }

  @Test func findsWhatItMade() throws {
    let store = TimeSeriesStore()
    for name in ["b", "a", "c-with-a-name-longer-than-fifteen-bytes"] {
      let device = try store.device(named: name)
      #expect(try store.device(named: name) == device)
      #expect(store.findDevice(named: name) == device)
      #expect(store.name(of: device) == name)
      for metric in ["y", "x", "a-metric-longer-than-fifteen-bytes"] {
        let series = try store.series(of: device, metric: metric)
        #expect(try store.series(of: device, metric: metric) == series)
        #expect(store.findSeries(of: device, metric: metric) == series)
      }
      #expect(store.metrics(of: device).map(\.metric) == ["a-metric-longer-than-fifteen-bytes", "x", "y"])
      #expect(store.seriesList(of: device).map(\.metric) == ["a-metric-longer-than-fifteen-bytes", "x", "y"])
    }
    #expect(store.devices().map(\.name) == ["a", "b", "c-with-a-name-longer-than-fifteen-bytes"])
    #expect(store.deviceNames().map(\.name) == store.devices().map(\.name))
    #expect(store.findDevice(named: "d") == nil)
    #expect(store.findDevice(named: "") == nil)
  }

  /// The same letters to a reader, other bytes: other series.
  @Test func comparesBytesNotLetters() throws {
    let store = TimeSeriesStore()
    let device = try store.device(named: "d")
    #expect(try store.series(of: device, metric: "\u{E9}") != store.series(of: device, metric: "e\u{301}"))
  }

  @Test func answersForeignIds() throws {
    let store = TimeSeriesStore()
    let device = DeviceID(rawValue: 77)
    let series = SeriesID(rawValue: .max)
    #expect(store.name(of: device) == nil)
    #expect(store.summary(of: device) == nil)
    #expect(store.seriesList(of: device).isEmpty)
    #expect(store.metrics(of: device).isEmpty)
    #expect(store.findSeries(of: device, metric: "m") == nil)
    #expect(store.latest(series) == nil)
    #expect(try store.snapshot(of: series, from: 0, to: 1).isEmpty)
    #expect(throws: StorageError.unknownDevice) { try store.series(of: device, metric: "m") }
  }
}

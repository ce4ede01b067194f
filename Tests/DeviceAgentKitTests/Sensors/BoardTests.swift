import DeviceAgentKit
import Testing

@Suite("Boards as their kernels show them")
struct BoardTests {
  private static func values(_ board: TestBoard) -> (values: [String: MetricValue], failures: [String: String]) {
    var suite = SensorSuite(BuiltInSensors.discover(board.files, isSingleReading: true))
    let round = suite.read { .start }
    var values: [String: MetricValue] = [:]
    for reading in round.groups.flatMap(\.readings) { values[reading.metric] = reading.value }
    return (values, suite.failures)
  }

  @Test("A Raspberry Pi 4: everything is found, and the zone's twin is left out")
  func raspberryPi() {
    let (values, failures) = Self.values(.raspberryPi4())
    #expect(failures.isEmpty)
    #expect(values["temperature.cpu-thermal"] == .number(48.199))
    #expect(values.keys.filter { $0.hasPrefix("temperature.") }.count == 1)
    // busy = 4000 + 100 + 1000 + 50 + 10 of 25,660 ticks
    #expect(values["cpu.load"] == .number(20.11))
    #expect(values["load.1m"] == .number(0.52))
    #expect(values["load.5m"] == .number(0.41))
    #expect(values["load.15m"] == .number(0.33))
    #expect(values["uptime"] == .number(86400.25))
    #expect(values["memory.available"] == .integer(3_107_488 * 1024))
    #expect(values["memory.used"] == .integer((3_884_360 - 3_107_488) * 1024))
    #expect(values["memory.used_percent"] == .number(20.0))
    #expect(values["swap.used"] == .integer(1024 * 1024))
    #expect(values["network.eth0.received"] == .integer(98_765_432))
    #expect(values["network.eth0.sent"] == .integer(12_345_678))
    #expect(values["network.wlan0.received"] == .integer(1_000_000_000_000))
    #expect(values["network.lo.received"] == nil)
    guard case .integer(let free) = values["disk.free"], case .number(let percent) = values["disk.used_percent"] else {
      Issue.record("no disk")
      return
    }
    #expect(free >= 0)
    #expect((0...100).contains(percent))
  }

  @Test("A PC: zones of one type are told apart, labels become names")
  func pc() {
    let (values, failures) = Self.values(.x86PC())
    #expect(failures.isEmpty)
    let temperatures = values.filter { $0.key.hasPrefix("temperature.") }
    #expect(
      temperatures == [
        "temperature.acpitz": .number(-263.2), "temperature.acpitz.2": .number(27.8),
        "temperature.x86_pkg_temp": .number(51), "temperature.nvme.Composite": .number(38.85),
        "temperature.coretemp.Package_id_0": .number(52), "temperature.coretemp.Core_0": .number(50),
        "temperature.iwlwifi_1": .number(43),
      ])
  }

  @Test("Every reading has a metric on the list of metrics, and a valid name")
  func metrics() {
    for board in [TestBoard(), .raspberryPi4(), .x86PC()] {
      for sensor in BuiltInSensors.discover(board.files, isSingleReading: true) {
        var sensor = sensor
        let readings = (try? sensor.read(at: .start)) ?? []
        #expect(!readings.isEmpty, "\(sensor.name)")
        let listed = Set(sensor.metrics.map(\.name))
        for reading in readings {
          #expect(listed.contains(reading.metric), "\(reading.metric)")
          #expect(Metric.valid(reading.metric) == reading.metric)
        }
      }
    }
  }

  @Test("An empty directory is a machine without anything: nothing traps, everything says why")
  func nothing() {
    let directory = TestDirectory()
    var suite = SensorSuite(BuiltInSensors.discover(SystemFiles(root: directory.path)))
    let round = suite.read { .start }
    #expect(round.groups.flatMap(\.readings).allSatisfy { $0.metric.hasPrefix("disk.") })
    #expect(
      Set(suite.failures.keys) == ["processor load", "load average", "memory", "network", "uptime"])
    #expect(suite.failures["uptime"] == "/proc/uptime does not exist")
  }

  @Test("The machine this test runs on")
  func thisMachine() {
    var suite = SensorSuite(BuiltInSensors.discover(isSingleReading: true))
    let metrics = Set(suite.read(clock: SystemClock.now).groups.flatMap(\.readings).map(\.metric))
    #expect(metrics.isSuperset(of: ["cpu.load", "load.1m", "memory.used", "disk.free", "uptime"]))
  }
}

import DeviceAgentKit
import Testing

@Suite("Processor load")
struct CPULoadTests {
  /// Lines of /proc/stat one after the other, with the load that each must show.
  static let series: [(line: String, load: Double?)] = [
    ("cpu 100 0 100 800 0 0 0 0", nil),
    ("cpu 150 0 100 850 0 0 0 0", 50),
    ("cpu 150 0 100 850 0 0 0 0", nil),  // no tick passed
    ("cpu 150 0 100 900 50 0 0 0", 0),  // waiting for a disk is idle
    ("cpu 250 0 100 900 50 0 0 0", 100),
    ("cpu 251 0 101 899 50 0 0 0", nil),  // idle time stepped back
    ("cpu 252 0 102 900 50 0 0 0", 66.67),
    ("cpu 1 0 0 1", nil),  // counters began anew
    ("cpu 2 0 0 4", 25),
  ]

  @Test("Each value is the share since the one before")
  func shares() throws {
    let board = TestBoard()
    var sensor = CPULoadSensor(files: board.files)
    for (index, step) in Self.series.enumerated() {
      board.write(step.line + "\n", "/proc/stat")
      let readings = try sensor.read(at: .start)
      #expect(readings == (step.load.map { [MetricReading("cpu.load", .number($0))] } ?? []), "line \(index)")
    }
  }

  @Test("A single run tells the average since the machine started")
  func sinceBoot() throws {
    let board = TestBoard()
    board.write("cpu 25 0 0 75\n", "/proc/stat")
    var sensor = CPULoadSensor(files: board.files, first: .sinceBoot)
    #expect(try sensor.read(at: .start) == [MetricReading("cpu.load", 25.0)])
  }
}

import DeviceAgentKit
import Testing

@Suite("Numbers of messages")
struct SequenceCounterTests {
  @Test("They go on across restarts of one boot")
  func restart() throws {
    let directory = TestDirectory()
    let path = directory.file("sequence")
    var numbers: [UInt64] = []
    for run in 0..<5 {
      var counter = try SequenceCounter(boot: "boot-a", path: path, sinceBoot: .seconds(1 + run))
      for _ in 0..<3 { numbers.append(counter.take()) }
    }
    #expect(numbers == Array(1000..<1015))
  }

  @Test("Another boot, or a file that tells nothing, begins at the age of the boot")
  func fresh() throws {
    for content in [
      "boot-a 5000000", "", "boot-b", "boot-b x", "boot-b -1", "boot-b 99999999999999999999", "\0\0", "boot-b 1 2",
    ] {
      let directory = TestDirectory()
      directory.write(content, to: "sequence")
      var counter = try SequenceCounter(boot: "boot-b", path: directory.file("sequence"), sinceBoot: .seconds(60))
      #expect(counter.take() == 60_000, "\(content)")
    }
    var counter = try SequenceCounter(boot: "b", path: nil, sinceBoot: .zero)
    #expect(counter.take() == 1)
    #expect(counter.take() == 2)
  }
}

import DeviceAgentKit
import Testing

/// The agent as a program.
@Suite struct AgentCommandLineTests {
  @Test func listsItsSensors() throws {
    let board = try TemporaryDirectory()
    try TestBoard.write(to: board)
    let outcome = try run(Executables.agent, ["--list-sensors", "--root", board.path])
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    for text in ["temperature.cpu-thermal", "48.25", "temperature.bme280", "network.eth0.received", "uptime"] {
      #expect(outcome.text.contains(text), "\(text)")
    }
  }

  @Test func printsAConfigurationThatItReads() throws {
    let directory = try TemporaryDirectory()
    let arguments = ["--hub", "127.0.0.1:1884", "--device", "shed-7", "--interval", "250ms", "--qos", "2"]
    let first = try run(Executables.agent, arguments + ["--print-config"])
    #expect(first.ending == .exit(0), "\(first.errors)")
    let file = try directory.write(first.output, to: "agent.toml")
    let second = try run(Executables.agent, ["--config", file, "--print-config"])
    func values(_ outcome: Outcome) -> [String] {
      // Without the remark where each came from.
      outcome.lines.map { line in String(line.split(separator: "#").first ?? "") }
    }
    #expect(values(first) == values(second))
    for value in ["127.0.0.1:1884", "shed-7", "250ms"] { #expect(second.text.contains(value), "\(value)") }
  }

  @Test(
    arguments: [
      (["--nonsense"], 64), (["--interval", "1ns"], 78), (["--device", "me"], 78), (["--device", "a/b"], 78),
      (["--qos", "3"], 78), (["--hub", ":"], 78), (["--config", "/nonexistent"], 78),
    ] as [([String], Int32)])
  func refuses(arguments: [String], code: Int32) throws {
    let outcome = try run(Executables.agent, arguments + ["--once"])
    #expect(outcome.ending == .exit(code), "\(outcome.errors)")
    #expect(!outcome.errors.isEmpty)
  }

  @Test func simulatorRefusesWhatItCannotDo() throws {
    for arguments in [["--devices", "0"], ["--qos", "2"], ["--hub", "nowhere"], ["--rate", "fast"]] {
      let outcome = try run(Executables.fleetSimulator, arguments)
      #expect(outcome.ending != .exit(0), "\(arguments)")
      #expect(!outcome.errors.isEmpty)
    }
    let nobody = try run(
      Executables.fleetSimulator, ["--hub", "127.0.0.1:1", "--devices", "3", "--messages", "3", "--rate", "max"])
    #expect(nobody.ending == .exit(1))
  }
}

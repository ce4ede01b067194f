import Glibc
import Testing

/// A running telemetry-agent with a board and a state directory of its own.
final class AgentProcess: Sendable {
  let process: ChildProcess
  let name: String

  /// - Parameter state: where its journal is kept; survives the agent.
  init(
    port: UInt16, _ name: String, board: TemporaryDirectory, state: TemporaryDirectory, _ options: [String] = []
  ) throws {
    self.name = name
    process = try ChildProcess(
      Executables.agent,
      [
        "--hub", "127.0.0.1:\(port)", "--device", name, "--root", board.path, "--state-dir", state.path, "--interval",
        "100ms",
      ] + options)
  }

  func waitUntilConnected() throws {
    try process.waitForErrorLine("that it is connected", within: .seconds(20)) {
      $0.contains("connected to 127.0.0.1") ? () : nil
    }
  }

  /// SIGTERM, and its end.
  func stop() throws -> ChildProcess.Ending {
    process.send(signal: SIGTERM)
    return try process.waitForEnd(within: .seconds(2))
  }
}

/// A hub with an agent that is connected to it.
func withAgent(_ name: String = "board", _ scenario: (HubProcess, AgentProcess) throws -> Void) throws {
  try withHub { hub in
    let board = try TemporaryDirectory()
    try TestBoard.write(to: board)
    let state = try TemporaryDirectory()
    let agent = try AgentProcess(port: hub.mqttPort, name, board: board, state: state)
    try agent.waitUntilConnected()
    try scenario(hub, agent)
  }
}

import ArgumentParser
import DeviceAgentKit
import Glibc

/// `telemetry-agent`: this machine's own sensors, and the hub's commands to it.
@main
struct TelemetryAgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "telemetry-agent",
    abstract: "Publish this machine's sensors to a Telemetry Hub and run the hub's commands.",
    discussion: """
      Every option is also a key of the configuration file (hub = "…") and an environment variable \
      (TELEMETRY_AGENT_HUB). An option goes before a variable, a variable before the file.

      Exit codes: 0 done; 64 wrong usage; 71 the operating system refused something every agent needs; 73 the state \
      directory cannot be used, or another agent uses it; 78 wrong configuration; with --once also 69 the hub cannot \
      be reached; 75 the hub did not take every reading; 77 the hub refused this device.
      """,
    version: AgentVersion.name)

  @Option(help: ArgumentHelp("Where the hub listens for MQTT. (default: 127.0.0.1:1883)", valueName: "host:port"))
  var hub: String?

  @Option(help: ArgumentHelp("The device's name. (default: the host name)", valueName: "name"))
  var device: String?

  @Option(help: ArgumentHelp("Time between two readings: 500ms, 1s, 5m. (default: 1s)", valueName: "duration"))
  var interval: String?

  @Option(help: ArgumentHelp("MQTT quality of service of the readings: 0, 1 or 2. (default: 1)", valueName: "0-2"))
  var qos: String?

  @Option(help: ArgumentHelp("The configuration file, in TOML.", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("Read /sys and /proc under another directory. (default: /)", valueName: "directory"))
  var root: String?

  @Option(
    help: ArgumentHelp(
      """
      Where the journal of commands is kept. (default: $STATE_DIRECTORY, else $XDG_STATE_HOME/telemetry-agent, else \
      ~/.local/state/telemetry-agent)
      """,
      valueName: "directory"))
  var stateDir: String?

  @Option(help: ArgumentHelp("error, warning, notice, info or debug. (default: info)", valueName: "level"))
  var logLevel: String?

  @Flag(help: "Connect, publish once, run the commands that wait, report, leave.")
  var once = false

  @Flag(help: "Print the settings in force and where each comes from, and leave.")
  var printConfig = false

  @Flag(help: "Read every sensor once, print what it measures, and leave.")
  var listSensors = false

  private var flags: [SettingKey: String] {
    let given: [SettingKey: String?] = [
      .hub: hub, .device: device, .interval: interval, .qos: qos, .root: root, .stateDirectory: stateDir,
      .logLevel: logLevel,
    ]
    return given.compactMapValues { $0 }
  }

  mutating func run() throws {
    let environment = ProcessEnvironment.current()
    do {
      let settings = try Settings.load(flags: flags, file: config, environment: environment)
      if printConfig {
        print(settings.toml, terminator: "")
      } else if listSensors {
        print(SensorListing.text(SystemFiles(root: settings.root)), terminator: "")
      } else {
        let agent = Agent(try settings.configuration(environment: environment, once: once))
        agent.addBuiltInSensors()
        throw ExitCode(agent.run().rawValue)
      }
    } catch let error as SettingError {
      let line = Array("telemetry-agent: \(error)\n".utf8)
      _ = write(STDERR_FILENO, line, line.count)
      throw ExitCode(78)  // EX_CONFIG
    }
  }
}

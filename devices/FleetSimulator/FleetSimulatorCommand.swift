import ArgumentParser
import Glibc
import MQTTProtocol

/// `fleet-simulator`: thousands of devices from one process, for demonstrations, load and tests.
@main
struct FleetSimulatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleet-simulator",
    abstract: "Simulates thousands of devices that publish readings to a telemetry hub, or to any MQTT server.",
    discussion: """
      Each device publishes slow-walking values: with --payload json all metrics in one message with increasing \
      timestamps, on v1/devices/NAME/telemetry; with --payload bare one value a message without a timestamp, on \
      v1/devices/NAME/telemetry/METRIC. A line a second goes to the standard error, the result to the standard output. \
      The exit code is 1 where a message was lost or refused, or a connection failed.

      At QoS 1 a message counts as acknowledged by its PUBACK. At QoS 0 every connection ends with a PINGREQ, and what \
      went before it counts once that is answered: so the rate is what the hub took, not what sockets buffered.
      """)

  @Option(help: ArgumentHelp("Where the hub listens for MQTT.", valueName: "host:port"))
  var hub = HubAddress(host: "127.0.0.1", port: 1883)

  @Option(help: "How many devices to simulate.")
  var devices = 100

  @Option(help: "How many connections they share. (default: one each)")
  var connections: Int?

  @Option(help: "Quality of service of the publishes, 0 or 1.")
  var qos = 1

  @Option(help: ArgumentHelp("Messages a second of all devices together, or max.", valueName: "rate"))
  var rate = SendRate.messagesPerSecond(100)

  @Option(help: "How many messages to send in all. (default: no limit)")
  var messages: Int?

  @Option(help: "How long to send, such as 500ms, 10s or 2m. (default: until Ctrl-C)")
  var duration: SendDuration?

  @Option(help: "Messages in flight on a connection at QoS 1, 1 to 65535.")
  var window = 100

  @Option(help: "How readings are written: json or bare.")
  var payload = PayloadFormat.json

  @Option(help: "How many metrics a device has, 1 to 3.")
  var metrics = 2

  @Option(help: "What device names begin with; a number follows.")
  var devicePrefix = "sim-"

  @Option(name: .customLong("protocol"), help: "MQTT version: 311 or 5.")
  var protocolVersion = ProtocolOption.v311

  @Option(help: "Seed of the values: the same seed sends the same values.")
  var seed: UInt64 = 1

  @Option(help: "Keep-alive interval in seconds; 0 is none.")
  var keepAlive: UInt16 = 60

  @Flag(help: "Only connect, and hold the connections without a message.")
  var idle = false

  @Option(help: "Event loops. (default: one a core, at most 4)")
  var threads: Int?

  @Flag(help: "Print the result as one JSON object.")
  var json = false

  func validate() throws {
    try check((1...1_000_000).contains(devices), "--devices is \(devices); 1 to 1000000 are allowed")
    if let connections {
      try check(
        (1...devices).contains(connections), "--connections is \(connections); 1 to the number of devices are allowed")
    }
    try check(qos == 0 || qos == 1, "--qos is \(qos); 0 and 1 are allowed")
    try check((1...65_535).contains(window), "--window is \(window); 1 to 65535 are allowed")
    try check((1...3).contains(metrics), "--metrics is \(metrics); 1 to 3 are allowed")
    if let messages { try check(messages > 0, "--messages is \(messages); 1 and more are allowed") }
    if let threads { try check((1...256).contains(threads), "--threads is \(threads); 1 to 256 are allowed") }
    // A device name is 1 to 64 of these characters, and its number takes up to seven.
    let allowed = devicePrefix.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "._:-".utf8.contains(byte)
    }
    try check(
      allowed && devicePrefix.utf8.count <= 48, "--device-prefix is at most 48 of A-Z a-z 0-9 . _ : -")
  }

  func run() throws {
    let settings = makeSettings()
    ProcessSignals.block()
    let report: FleetReport
    do {
      try OpenFileLimit.raise(forConnections: settings.connections)
      report = try Fleet(settings: settings).run()
    } catch {
      StandardStreams.error("fleet-simulator: \(FleetFault.explain(error))")
      throw ExitCode(1)
    }
    for line in report.faultLines { StandardStreams.error("fleet-simulator: \(line)") }
    StandardStreams.output(json ? report.json : report.line)
    if !report.isClean { throw ExitCode(1) }
  }

  private func makeSettings() -> FleetSettings {
    FleetSettings(
      hub: hub, devices: devices, connections: connections ?? devices, qos: qos == 0 ? .atMostOnce : .atLeastOnce,
      rate: rate, messages: messages, duration: duration, window: window, payload: payload,
      metrics: Array(SimulatedMetric.allCases.prefix(metrics)), devicePrefix: devicePrefix,
      version: protocolVersion.version, seed: seed, idle: idle, keepAlive: keepAlive,
      threads: threads ?? min(4, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))))
  }

  private func check(_ condition: Bool, _ message: String) throws {
    if !condition { throw ValidationError(message) }
  }
}

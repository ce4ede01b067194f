import Glibc
import MQTTProtocol
import Testing

/// The hub as a program: its flags, its exit codes, its end.
@Suite struct CommandLineTests {
  @Test func tellsAboutItself() throws {
    let help = try run(Executables.hub, ["--help"])
    #expect(help.ending == .exit(0))
    for word in ["serve", "check-config", "--version"] { #expect(help.text.contains(word), "\(word)") }
    let serve = try run(Executables.hub, ["serve", "--help"])
    #expect(serve.ending == .exit(0))
    for flag in ["--mqtt-listen", "--http-listen", "--data-dir", "--config", "--memory"] {
      #expect(serve.text.contains(flag), "\(flag)")
    }
    let version = try run(Executables.hub, ["--version"])
    #expect(version.ending == .exit(0))
    #expect(version.text.split(separator: ".").count == 3)
    #expect(try run(Executables.hub, ["--nonsense"]).ending == .exit(64))
    #expect(try run(Executables.hub, ["serve", "--memory", "little"]).ending == .exit(78))
  }

  @Test(arguments: [
    ("", 0), ("[mqtt]\nlisten = \"127.0.0.1:1884\"\n", 0), ("[storage]\nmemory = \"256MiB\"\n", 0),
    ("[storage]\nmemroy = \"256MiB\"\n", 78), ("[mqtt]\nlisten = \"0.0.0.0:1883\"\n", 78), ("[mqtt\n", 78),
    ("[mqtt]\nlisten = 1883\n", 78), ("[auth]\nauth = \"required\"\n", 78), ("[other]\n", 78),
  ])
  func checksConfigurations(text: String, code: Int32) throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(text.utf8, to: "hub.toml")
    let outcome = try run(Executables.hub, ["check-config", file])
    #expect(outcome.ending == .exit(code), "\(outcome.text)\(outcome.errors)")
    if code == 0 {
      #expect(outcome.lines.first == "\(file): ok")
    } else {
      #expect(outcome.errors.contains("hub.toml"))
      #expect(outcome.output.isEmpty)
      // The service says the same before it opens anything.
      #expect(try run(Executables.hub, ["serve", "--config", file]).ending == .exit(78))
    }
  }

  @Test func checksThatTheFileIsThere() throws {
    let outcome = try run(Executables.hub, ["check-config", "/nonexistent/hub.toml"])
    #expect(outcome.ending != .exit(0))
    #expect(outcome.errors.contains("/nonexistent/hub.toml"))
  }

  @Test(arguments: ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "127.0.0.1:99999", ":1"])
  func listensOnLoopbackOnly(address: String) throws {
    for flag in ["--mqtt-listen", "--http-listen"] {
      let outcome = try run(Executables.hub, ["serve", flag, address])
      #expect(outcome.ending == .exit(78), "\(flag): \(outcome.errors)")
      #expect(outcome.errors.contains(flag) || outcome.errors.contains("listen"), "\(outcome.errors)")
    }
  }

  @Test func saysWhichPortIsTaken() throws {
    let first = try HubProcess()
    for (flag, port) in [("--mqtt-listen", first.mqttPort), ("--http-listen", first.httpPort)] {
      let other = flag == "--mqtt-listen" ? "--http-listen" : "--mqtt-listen"
      let directory = try TemporaryDirectory()
      let outcome = try run(
        Executables.hub,
        ["serve", flag, "127.0.0.1:\(port)", other, "127.0.0.1:0", "--data-dir", directory.path])
      guard case .exit(let code) = outcome.ending, code != 0 else {
        Issue.record("ended with \(outcome.ending)")
        continue
      }
      // One sentence with the address and what to do.
      let lines = outcome.errors.split(separator: "\n").filter {
        !$0.contains(" warning ") && !$0.contains(" notice restored ")
      }
      #expect(lines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("127.0.0.1:\(port)") && outcome.errors.contains(flag))
    }
    first.stop()
  }

  @Test func servesOnIPv6() throws {
    let directory = try TemporaryDirectory()
    let process = try ChildProcess(
      Executables.hub,
      ["serve", "--mqtt-listen", "[::1]:0", "--http-listen", "[::1]:0", "--data-dir", directory.path])
    let port = try process.waitForErrorLine("where it listens", within: .seconds(20)) { line in
      line.split(separator: " ").first { $0.hasPrefix("http=[::1]:") }?.split(separator: ":").last
    }
    #expect(try run("curl", ["-sg", "http://[::1]:\(port)/livez"]).text == "ok\n")
    process.send(signal: SIGTERM)
    #expect(try process.waitForEnd(within: .seconds(2)) == .exit(0))
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func endsWithinTwoSecondsWhateverIsOpen(signal: Int32) throws {
    let hub = try HubProcess()
    let modern = try MQTTPeer.connected(hub.mqttPort, "modern")
    try modern.subscribe("v1/devices/me/commands")
    let older = try MQTTPeer.connected(hub.mqttPort, version: .v3_1_1, "older")
    let deaf = try MQTTPeer.connected(hub.mqttPort, "deaf", receiveBuffer: 4_096)
    try deaf.subscribe("flood", qos: .atMostOnce)
    for _ in 0..<20 { try older.publish("flood", [UInt8](repeating: 0, count: 100_000)) }
    let silent = try TCPConnection(port: hub.mqttPort)
    let idle = try TCPConnection(port: hub.httpPort)
    let waiting = try hub.curl("POST", "/v1/devices/modern/commands?wait=60s", #"{"name":"x"}"#, within: .seconds(70))
    _ = try modern.message()

    hub.stop(signal: signal)
    #expect(try modern.closingReason() == .serverShuttingDown)
    #expect(try older.closingReason() == nil)
    // The request was answered, or cut off; it does not wait for its minute.
    let outcome = try waiting.outcome(within: .seconds(5))
    if outcome.ending == .exit(0) {
      let answer = try HTTPAnswer(parsing: outcome.output)
      #expect(answer.status == 202)
    }
    withExtendedLifetime((silent, idle, deaf)) {}
  }

  @Test func endsWhileItIsFlooded() throws {
    let hub = try HubProcess()
    let fleet = try ChildProcess(
      Executables.fleetSimulator,
      ["--hub", "127.0.0.1:\(hub.mqttPort)", "--devices", "2", "--qos", "0", "--rate", "max"])
    try eventually("readings") { (try hub.metric("telemetry_hub_readings_total") ?? 0) > 0 }
    hub.stop()
    #expect(try fleet.waitForEnd(within: .seconds(20)) != .exit(0))
  }

  @Test func isConfiguredByFileVariablesAndFlags() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      "[mqtt]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"error\"\n".utf8,
      to: "hub.toml")
    let process = try ChildProcess(
      Executables.hub, ["serve", "--config", file, "--log-level", "notice"],
      environment: ["TELEMETRY_HUB_DATA_DIR": directory.path, "TELEMETRY_HUB_LOG_LEVEL": "critical"])
    // The flag goes before the variable and the file: only so is the line written.
    try process.waitForErrorLine("where it listens", within: .seconds(20)) { $0.contains("listening mqtt=") ? () : nil }
    process.send(signal: SIGTERM)
    #expect(try process.waitForEnd(within: .seconds(2)) == .exit(0))
  }
}

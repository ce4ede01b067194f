import DeviceAgentKit
import Testing

@testable import TelemetryAgent

@Suite("The agent's settings")
struct SettingsTests {
  private static let home = ["HOME": "/home/someone"]

  private static func load(
    _ flags: [SettingKey: String] = [:], file: String? = nil, _ environment: [String: String] = [:]
  ) throws -> Settings {
    let directory = TestDirectory()
    if let file { directory.write(file, to: "agent.toml") }
    return try withExtendedLifetime(directory) {
      try Settings.load(
        flags: flags, file: file == nil ? nil : directory.file("agent.toml"),
        environment: home.merging(environment) { $1 })
    }
  }

  @Test("A flag goes before a variable, that before the file, that before the default")
  func precedence() throws {
    let file = "interval = \"2s\"\nqos = 2\nhub = \"file:1\"\ndevice = \"from-file\"\n"
    let environment = ["TELEMETRY_AGENT_INTERVAL": "3s", "TELEMETRY_AGENT_HUB": "variable:2"]
    let settings = try Self.load([.interval: "4s"], file: file, environment)
    #expect(settings.interval == .seconds(4))
    #expect(settings.hub == HubAddress(host: "variable", port: 2))
    #expect(settings.qos == 2)
    #expect(settings.device == "from-file")
    #expect(settings.logLevel == .info)
    #expect(settings.origin(of: .interval) == .flag("interval"))
    #expect(settings.origin(of: .hub) == .environment("TELEMETRY_AGENT_HUB"))
    #expect(settings.origin(of: .logLevel) == .builtIn)
  }

  @Test("The file may be named by a variable")
  func fileVariable() throws {
    let directory = TestDirectory()
    directory.write("qos = 0\nstate-dir = \"/x\"\nlog-level = \"debug\"\nroot = \"/r\"\n", to: "f")
    let settings = try Self.load([:], ["TELEMETRY_AGENT_CONFIG": directory.file("f")])
    #expect((settings.qos, settings.stateDirectory, settings.logLevel, settings.root) == (0, "/x", .debug, "/r"))
  }

  @Test("What is printed is read back")
  func roundTrip() throws {
    let values: [SettingKey: String] = [
      .hub: "[::1]:99", .device: "a:b", .interval: "90s", .qos: "0", .root: "/a \"b\"\\c", .stateDirectory: "/s",
      .logLevel: "error",
    ]
    let printed = try Self.load(values).toml
    let again = try Self.load(file: printed)
    for key in SettingKey.allCases { #expect(again.text(of: key) == values[key]) }
  }

  /// Environments and the state directories that they mean.
  static let stateDirectories: [([String: String], String?)] = [
    (["STATE_DIRECTORY": "/var/lib/a"], "/var/lib/a"), (["STATE_DIRECTORY": "/var/lib/a:/var/lib/b"], "/var/lib/a"),
    (["XDG_STATE_HOME": "/x"], "/x/telemetry-agent"), (["XDG_STATE_HOME": "x"], nil),
    (["HOME": "/root"], "/root/.local/state/telemetry-agent"), (["HOME": "/"], "/.local/state/telemetry-agent"),
    ([:], nil),
  ]

  @Test("Where the journal is kept", arguments: stateDirectories)
  func stateDirectory(_ row: (environment: [String: String], path: String?)) throws {
    let settings = Settings(environment: row.environment)
    #expect(settings.stateDirectory == row.path)
    if row.path == nil {
      #expect(throws: SettingError.noStateDirectory) { try settings.configuration(environment: [:], once: false) }
    }
  }

  static let wrong: [(SettingKey, String)] = [
    (.hub, ""), (.hub, "h:0"), (.device, "me"), (.device, "a b"), (.interval, "5"), (.interval, "1ms"),
    (.interval, "2d"),
    (.qos, "3"), (.qos, "-1"), (.qos, "one"), (.root, ""), (.stateDirectory, ""), (.logLevel, "loud"),
  ]

  @Test("A wrong value is named with where it came from and what is allowed", arguments: wrong)
  func wrongValues(_ row: (key: SettingKey, text: String)) throws {
    #expect(throws: SettingError.notAllowed(row.key, received: row.text, .flag(row.key.name))) {
      try Self.load([row.key: row.text])
    }
    let error = SettingError.notAllowed(row.key, received: row.text, .environment(row.key.variable))
    #expect(throws: error) { try Self.load([:], [row.key.variable: row.text]) }
    #expect("\(error)".contains(row.key.variable) && "\(error)".contains(row.key.allowed))
  }

  /// Files and what their error must say.
  static let files: [(String, String)] = [
    ("intervall = \"1s\"", "unknown key \"intervall\", did you mean \"interval\"?"),
    ("state_dir = \"/x\"", "did you mean \"state-dir\"?"), ("xyzzy-plugh = 1", "allowed: hub, device, interval"),
    ("[hub]\na = 1", "hub must be a text or a number"), ("qos = true", "qos must be a text or a number"),
    ("qos = [1]", "qos must be a text or a number"), ("qos = 7", "received \"7\", allowed: 0, 1 or 2"),
    ("qos = 1\nhub = ", ":2: not TOML"), ("qos = 1\nqos = 2", "not TOML"), ("\0", "not a UTF-8 text"),
  ]

  @Test("A wrong file is named with the line or the key", arguments: files)
  func wrongFiles(_ row: (text: String, message: String)) {
    #expect {
      try Self.load(file: row.text)
    } throws: { "\($0)".contains(row.message) && "\($0)".contains("agent.toml") }
  }

  @Test("A file that is not there is named")
  func missingFile() {
    #expect {
      try Settings.load(flags: [:], file: "/no/such/file.toml", environment: [:])
    } throws: { "\($0)" == "/no/such/file.toml: cannot be read: No such file or directory" }
  }

  @Test("The environment is read as the kernel keeps it")
  func environment() {
    let bytes = Array("A=1\0B=x=y\0C=\0nothing\0\u{FF}".utf8) + [0xFF, 0x3D, 0]
    #expect(ProcessEnvironment.parse(bytes) == ["A": "1", "B": "x=y", "C": ""])
  }
}

import Testing

@testable import TelemetryHub

@Suite struct ConfigurationLoaderTests {
  @Test func aFlagGoesBeforeAVariableBeforeTheFileBeforeTheDefault() throws {
    let file = ConfigurationFile(
      path: "hub.toml", text: "[storage]\nmemory = \"2MiB\"\n[limits]\ndead-letters = 2\nmaximum-devices = 2\n")
    let loaded = try ConfigurationLoader(
      flags: [(.memory, "4MiB")],
      environment: ["TELEMETRY_HUB_MEMORY": "3MiB", "TELEMETRY_HUB_DEAD_LETTERS": "3", "HOME": "/"], file: file
    ).load()
    #expect(loaded.configuration.storage.memory == .mebibytes(4))
    #expect(loaded.configuration.limits.deadLetters == 3)
    #expect(loaded.configuration.limits.maximumDevices == 2)
    #expect(loaded.configuration.http == HubConfiguration.HTTP())
    #expect(loaded.origins["storage.memory"] == .flag("memory"))
    #expect(loaded.origins["limits.dead-letters"] == .environment(variable: "TELEMETRY_HUB_DEAD_LETTERS"))
    #expect(loaded.origins["limits.maximum-devices"] == .file(path: "hub.toml", line: 5))
    #expect(
      loaded.changedLines == ["storage.memory = \"4MiB\"", "limits.maximum-devices = 2", "limits.dead-letters = 3"])
    #expect(loaded.warnings.isEmpty)
  }

  /// A file and the messages it gives, in order.
  static let faultyFiles: [(text: String, messages: [String])] = [
    (
      "[mqtt]\nlisten = 5\n",
      ["f:2: mqtt.listen: received \"5\", allowed: \(ListenAddress.allowed)"]
    ),
    (
      "[mqtt]\nmax-packet-size = 4\n",
      ["f:2: unknown key in [mqtt]: \"max-packet-size\", did you mean \"maximum-packet-size\"?"]
    ),
    ("[mqt]\n", ["f:1: unknown section \"mqt\", did you mean \"mqtt\"?"]),
    ("\n\nmemory = \"1MiB\"\n", ["f:3: memory stands in no section: write memory under [storage]"]),
    ("auth = \"none\"\n", ["f:1: auth is a section: write [auth]"]),
    ("mqtt-listen = \"x\"\n", ["f:1: mqtt-listen stands in no section: write listen under [mqtt]"]),
    (
      "[log]\nlevel = [1]\n",
      [
        "f:2: log.level: received an array of something else than strings,"
          + " allowed: one of trace, debug, info, notice, warning, error, critical"
      ]
    ),
    (
      "[log]\nlevel = 2020-01-01\n",
      [
        "f:2: log.level: received a date or a time, allowed: one of trace, debug, info, notice, warning, error, critical"
      ]
    ),
    (
      "# first\n[limits]\ndead-letters = -1\nmaximum-devices = 0\n[storage]\nmemory = true\nmemoy = 1\n",
      [
        "f:3: limits.dead-letters: received \"-1\", allowed: a whole number, from 1 to 1000000",
        "f:4: limits.maximum-devices: received \"0\", allowed: a whole number, from 1 to 10000000",
        "f:6: storage.memory: received \"true\", allowed: \(ByteSize.allowed), from 1MiB to 1TiB",
        "f:7: unknown key in [storage]: \"memoy\", did you mean \"memory\"?",
      ]
    ),
    (
      "[limits]\nmaximum-series = 10\n",
      ["f:2: limits.maximum-series-per-device is 1000, more than limits.maximum-series, which is 10"]
    ),
    (
      "[mqtt]\nlisten = \"0.0.0.0:1883\"\n",
      [
        "f:2: mqtt.listen is 0.0.0.0:1883, which other machines can reach, while auth is \"none\";"
          + " allowed: a loopback address such as 127.0.0.1:1883"
      ]
    ),
    (
      "[auth]\nauth = \"required\"\n",
      ["f:2: auth \"required\" is not available in this version; allowed: \"none\", on loopback addresses only"]
    ),
    (
      "[http]\nlisten = \"127.0.0.1:1883\"\n",
      ["f:2: mqtt.listen and http.listen are both 127.0.0.1:1883; give one another port"]
    ),
    (
      "[websocket]\nlisten = \"127.0.0.1:8080\"\n",
      ["f:2: websocket.listen and http.listen are both 127.0.0.1:8080; give one another port"]
    ),
    (
      "[websocket]\nlisten = \"[::]:9001\"\n",
      [
        "f:2: websocket.listen is [::]:9001, which other machines can reach, while auth is \"none\";"
          + " allowed: a loopback address such as 127.0.0.1:9001"
      ]
    ),
    (
      "[websocket]\nlisten = \"on\"\nallowed-origins = [\"panel.example\"]\n",
      [
        "f:2: websocket.listen: received \"on\", allowed: off, or \(ListenAddress.allowed)",
        "f:3: websocket.allowed-origins: received \"panel.example\", allowed: \(OriginList.allowed)",
      ]
    ),
    (
      "[mqtt]\nlisten = \"localhost:1999\"\n[http]\nlisten = \"127.0.0.1:1999\"\n",
      [
        "f:4: mqtt.listen is localhost:1999 and http.listen is 127.0.0.1:1999, which can be the same;"
          + " give one another port"
      ]
    ),
    (
      "[mqtt]\nlisten = \"[::1]:1999\"\n[websocket]\nlisten = \"localhost:1999\"\n",
      [
        "f:4: mqtt.listen is [::1]:1999 and websocket.listen is localhost:1999, which can be the same;"
          + " give one another port"
      ]
    ),
    (
      "[websocket]\nmaximum-packet-size = \"2MiB\"\n",
      ["f:2: websocket.maximum-packet-size is 2MiB, more than limits.connection-output-bytes, which is 1MiB"]
    ),
  ]

  @Test(arguments: faultyFiles.indices)
  func aFaultyFileIsExplained(index: Int) {
    let (text, messages) = Self.faultyFiles[index]
    let error = #expect(throws: ConfigurationErrors.self) {
      try ConfigurationLoader(file: ConfigurationFile(path: "f", text: text)).load()
    }
    #expect(error?.errors.map(\.description) == messages)
  }

  @Test(arguments: [
    "[mqtt", "a", "[mqtt]\nlisten = \"x\n", "[mqtt]\n[mqtt]\n", "a = 1\na = 2\n", "= 1", "[a]\nb = \"\\q\"",
  ])
  func whatIsNoTOMLIsExplainedInOneLine(text: String) {
    let error = #expect(throws: ConfigurationErrors.self) {
      try ConfigurationLoader(file: ConfigurationFile(path: "f", text: text)).load()
    }
    #expect(error?.errors.count == 1)
    let message = error?.errors.first?.description ?? ""
    #expect(message.hasPrefix("f:") && message.contains(": not TOML: ") && !message.contains("\n"))
  }

  @Test func flagsAndVariablesAreNamedInTheirErrors() {
    let error = #expect(throws: ConfigurationErrors.self) {
      try ConfigurationLoader(flags: [(.memory, "lots")], environment: ["TELEMETRY_HUB_LOG_LEVEL": "loud"]).load()
    }
    #expect(
      error?.errors.map(\.description) == [
        "TELEMETRY_HUB_LOG_LEVEL: received \"loud\","
          + " allowed: one of trace, debug, info, notice, warning, error, critical",
        "--memory: received \"lots\", allowed: \(ByteSize.allowed), from 1MiB to 1TiB",
      ])
  }

  @Test func anOpenHubIsRefusedHoweverItWasAsked() throws {
    for listen in ["0.0.0.0:0", "10.0.0.1:1883", "[::]:1883"] {
      for key in [ConfigurationKey.mqttListen, .webSocketListen, .httpListen] {
        #expect(throws: ConfigurationErrors.self) { try ConfigurationLoader(flags: [(key, listen)]).load() }
        #expect(throws: ConfigurationErrors.self) {
          try ConfigurationLoader(environment: [key.environmentVariable: listen]).load()
        }
      }
    }
    // Two ports chosen by the kernel are never the same.
    _ = try ConfigurationLoader(flags: [(.mqttListen, "127.0.0.1:0"), (.httpListen, "127.0.0.1:0")]).load()
  }

  @Test func unknownVariablesAreAWarning() throws {
    let loaded = try ConfigurationLoader(environment: [
      "TELEMETRY_HUB_PORT": "tcp://10.0.0.1:1883", "TELEMETRY_HUB_MEMROY": "1", "TELEMETRY_HUB_CONFIG": "f",
    ]).load()
    #expect(loaded.configuration == HubConfiguration())
    #expect(loaded.warnings.count == 2)
    #expect(loaded.warnings.first?.hasSuffix("did you mean TELEMETRY_HUB_MEMORY?") == true)
    #expect(loaded.warnings.last?.hasSuffix("is not one of the hub's and is ignored") == true)
  }

  @Test func tornFilesNeverTrap() throws {
    let text = try projectFile("systemd/hub.toml").replacing("\n#", with: "\n")
    var refused = 0
    for end in stride(from: 0, through: text.utf8.count, by: 3) {
      let torn = String(decoding: Array(text.utf8)[..<end], as: UTF8.self)
      do {
        _ = try ConfigurationLoader(file: ConfigurationFile(path: "f", text: torn)).load()
      } catch {
        refused += 1
        #expect(!error.errors.isEmpty)
      }
    }
    #expect(refused > 0)
  }
}

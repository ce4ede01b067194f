import ArgumentParser

/// `telemetry-hub serve`: runs the service until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Run the hub.",
    discussion: """
      Every option is also a key of the configuration file and an environment variable: --mqtt-listen is listen under \
      [mqtt] and TELEMETRY_HUB_MQTT_LISTEN. An option goes before a variable, a variable before the file. \
      `telemetry-hub config-reference` lists them all.
      """)

  @Option(help: ArgumentHelp("The configuration file, in TOML.", valueName: "FILE"))
  var config: String?

  @OptionGroup(title: ConfigurationSection.mqtt.title) var mqtt: MQTTOptions
  @OptionGroup(title: ConfigurationSection.websocket.title) var websocket: WebSocketOptions
  @OptionGroup(title: ConfigurationSection.http.title) var http: HTTPOptions
  @OptionGroup(title: ConfigurationSection.storage.title) var storage: StorageOptions
  @OptionGroup(title: ConfigurationSection.auth.title) var auth: AuthOptions
  @OptionGroup(title: ConfigurationSection.limits.title) var limits: LimitsOptions
  @OptionGroup(title: ConfigurationSection.log.title) var log: LogOptions

  /// The options that were given, with the keys they set.
  var given: [(key: ConfigurationKey, text: String)] {
    let doors = mqtt.values + websocket.values + http.values
    let all = doors + storage.values + auth.values + limits.values + log.values
    return all.compactMap { key, text in text.map { (key, $0) } }
  }

  func run() async throws {
    let loaded = try load(environment: ProcessEnvironment.current())
    for warning in loaded.warnings { StandardError.write("telemetry-hub: warning: \(warning)") }
    try await runHub(loaded.configuration)
  }

  /// The configuration that options, `environment` and file make together.
  ///
  /// - Throws: `ExitCode.configuration` after every error has been written to standard error.
  func load(environment: [String: String]) throws -> LoadedConfiguration {
    try loadConfiguration(file: config, flags: given, environment: environment)
  }
}

/// The configuration that flags, `environment` and the file make together; `file` goes before the variable that names
/// one.
///
/// - Throws: `ExitCode.configuration` after every error has been written to standard error.
func loadConfiguration(
  file: String?, flags: [(key: ConfigurationKey, text: String)], environment: [String: String]
) throws -> LoadedConfiguration {
  try reportingConfigurationErrors {
    var loader = ConfigurationLoader(flags: flags, environment: environment)
    if let path = file ?? environment[ConfigurationLoader.fileVariable] {
      loader.file = try ConfigurationFile(path: path)
    }
    return try loader.load()
  }
}

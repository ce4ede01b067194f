import DeviceAgentKit

extension Settings {
  /// Puts the settings together: a flag goes before an environment variable, that before the file, that before the
  /// default.
  ///
  /// - Parameter flags: those that were given.
  /// - Throws: the first thing that is wrong.
  static func load(
    flags: [SettingKey: String], file: String?, environment: [String: String]
  ) throws(SettingError) -> Settings {
    var settings = Settings(environment: environment)
    if let path = file ?? environment["\(SettingKey.variablePrefix)CONFIG"] {
      for (key, text) in try ConfigurationFile.settings(at: path) { try settings.set(key, to: text, from: .file(path)) }
    }
    for key in SettingKey.allCases {
      if let text = environment[key.variable] { try settings.set(key, to: text, from: .environment(key.variable)) }
    }
    for key in SettingKey.allCases {
      if let text = flags[key] { try settings.set(key, to: text, from: .flag(key.name)) }
    }
    return settings
  }

  /// TOML that gives these settings again, each line saying where its value came from.
  var toml: String {
    SettingKey.allCases.map { key in
      let isNumber = key == .qos
      let text = text(of: key)
      let value = isNumber ? text : "\"\(text.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }.joined())\""
      return "\(key.name) = \(value)  # \(origin(of: key))\n"
    }.joined()
  }

  /// The configuration of the agent that these settings describe.
  func configuration(environment: [String: String], once: Bool) throws(SettingError) -> AgentConfiguration {
    guard let stateDirectory else { throw .noStateDirectory }
    var configuration = AgentConfiguration(device: device)
    configuration.hub = hub
    configuration.interval = interval
    configuration.qos = qos
    configuration.files = SystemFiles(root: root)
    configuration.stateDirectory = stateDirectory
    configuration.mode = once ? .once : .continuous
    configuration.firmware = AgentVersion.name
    configuration.log = StandardErrorLog(level: logLevel, isJournal: environment["JOURNAL_STREAM"] != nil)
    configuration.environment = environment
    return configuration
  }
}

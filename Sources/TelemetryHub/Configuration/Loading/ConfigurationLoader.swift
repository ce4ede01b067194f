/// Puts a configuration together: a flag goes before an environment variable, that before the file, that before the
/// default.
struct ConfigurationLoader: Sendable {
  /// The flags that were given: the key and the text behind it.
  var flags: [(key: ConfigurationKey, text: String)] = []

  /// The environment; names that do not begin with `TELEMETRY_HUB_` are left alone.
  var environment: [String: String] = [:]

  var file: ConfigurationFile?

  /// Reads and checks everything.
  ///
  /// - Throws: `ConfigurationErrors` with every error found, not only the first.
  func load() throws(ConfigurationErrors) -> LoadedConfiguration {
    var state = State()
    if let file {
      let contents = file.contents()
      state.errors += contents.errors
      state.unknown = contents.unreadable
      for setting in contents.settings {
        state.apply(setting.key, setting.text, .file(path: file.path, line: setting.line))
      }
    }
    for key in ConfigurationKey.all {
      guard let text = environment[key.environmentVariable] else { continue }
      state.apply(key, text, .environment(variable: key.environmentVariable))
    }
    for (key, text) in flags { state.apply(key, text, .flag(key.flag)) }

    state.errors += state.configuration.contradictions(origins: state.origins, unknown: state.unknown)
    guard state.errors.isEmpty else { throw ConfigurationErrors(errors: state.errors.inReadingOrder()) }
    return LoadedConfiguration(
      configuration: state.configuration, origins: state.origins, warnings: unknownVariables())
  }

  private struct State {
    var configuration = HubConfiguration()
    var origins: [String: ConfigurationOrigin] = [:]
    var errors: [ConfigurationError] = []

    /// Keys in full whose values nobody can tell: what goes before all else that sets them cannot be read.
    var unknown: Set<String> = []

    mutating func apply(_ key: ConfigurationKey, _ text: String, _ origin: ConfigurationOrigin) {
      if key.read(text, &configuration) {
        origins[key.path] = origin
        unknown.remove(key.path)
      } else {
        errors.append(.notAllowed(key, received: text, origin: origin))
        unknown.insert(key.path)
      }
    }
  }

  /// Variables that look like ours and are none: a warning and not an error, since container systems set variables of
  /// this form (`TELEMETRY_HUB_PORT`) on their own for a service of this name.
  private func unknownVariables() -> [String] {
    let prefix = ConfigurationKey.environmentPrefix
    let known = (ConfigurationKey.all.map(\.environmentVariable) + [Self.fileVariable])
    return environment.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted()
      .map { name in
        // Without what all have in common, else any two would look alike.
        let nearest = nearestName(
          to: String(name.dropFirst(prefix.count)), among: known.map { String($0.dropFirst(prefix.count)) })
        let hint = nearest.map { ", did you mean \(prefix)\($0)?" } ?? ""
        return "the environment variable \(name) is not one of the hub's and is ignored\(hint)"
      }
  }

  /// The variable that names the configuration file, as `--config` does.
  static let fileVariable = ConfigurationKey.environmentPrefix + "CONFIG"
}

/// A configuration that is fit to run, and where its values came from.
struct LoadedConfiguration: Sendable, Equatable {
  let configuration: HubConfiguration

  /// Where each value that is not a default was given, by the key's full name.
  let origins: [String: ConfigurationOrigin]

  /// What is odd but harmless, one sentence each.
  let warnings: [String]

  /// The lines of a configuration file that would give the same configuration: only what is not the default.
  var changedLines: [String] {
    let defaults = HubConfiguration()
    return ConfigurationKey.all.filter { $0.text(configuration) != $0.text(defaults) }
      .map { "\($0.path) = \($0.tomlText(configuration))" }
  }
}

import ArgumentParser

/// The options of `[auth]`.
struct AuthOptions: ConfigurationOptions {
  @Option(name: ConfigurationKey.authMode.flagName, help: ConfigurationKey.authMode.help)
  var mode: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [(.authMode, mode)]
  }
}

import ArgumentParser

/// The options of `[auth]`.
struct AuthOptions: ConfigurationOptions {
  @Option(.authMode) var mode: String?

  var values: [(key: ConfigurationKey, text: String?)] {
    [(.authMode, mode)]
  }
}

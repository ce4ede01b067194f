import ArgumentParser

extension ConfigurationKey {
  /// The key's flag: `--mqtt-listen`.
  var flagName: NameSpecification { .customLong(flag) }

  /// The key's line in `--help`.
  var help: ArgumentHelp {
    let value = defaultText.isEmpty ? "none" : defaultText
    return ArgumentHelp("\(summary). (default: \(value))", valueName: placeholder)
  }
}

extension Option<String?> {
  /// The option that sets a key: its flag, and what `--help` says.
  init(_ key: ConfigurationKey) { self.init(name: key.flagName, help: key.help) }
}

/// The options of a section, each with the key it sets; `nil` where an option was not given.
protocol ConfigurationOptions: ParsableArguments {
  var values: [(key: ConfigurationKey, text: String?)] { get }
}

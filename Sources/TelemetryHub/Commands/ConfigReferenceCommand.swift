import ArgumentParser

/// `telemetry-hub config-reference`: every key of the configuration, for people and for the documentation.
struct ConfigReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config-reference",
    abstract: "List every key of the configuration, in Markdown.")

  func run() { print(ConfigurationReference.markdown, terminator: "") }
}

import ArgumentParser

/// `telemetry-hub check-config FILE`: says whether a configuration file is fit to run with.
struct CheckConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config",
    abstract: "Check a configuration file.",
    discussion: """
      Prints "FILE: ok" and what the file changes from the defaults, or everything that is wrong with it, line by line. \
      Looks at the file alone, not at the environment. Exits with 78 where the file is not fit to run with.
      """)

  @Argument(help: ArgumentHelp("The configuration file, in TOML.", valueName: "FILE"))
  var file: String

  func run() throws {
    let loaded = try reportingConfigurationErrors {
      try ConfigurationLoader(file: ConfigurationFile(path: file)).load()
    }
    print("\(file): ok")
    for line in loaded.changedLines { print("  \(line)") }
  }
}

import ArgumentParser
import Testing

@testable import TelemetryHub

@Suite struct CommandTests {
  @Test func aFileNamedByTheEnvironmentIsReadAndAFlagNamesAnother() throws {
    try withConfigurationFiles("[storage]\nmemory = \"2MiB\"\n", "[storage]\nmemory = \"3MiB\"\n") { first, second in
      let environment = ["TELEMETRY_HUB_CONFIG": first]
      #expect(try ServeCommand.parse([]).load(environment: environment).configuration.storage.memory == .mebibytes(2))
      let flagged = try ServeCommand.parse(["--config", second]).load(environment: environment)
      #expect(flagged.configuration.storage.memory == .mebibytes(3))
      let both = try ServeCommand.parse(["--config", second, "--memory", "4MiB"]).load(environment: environment)
      #expect(both.configuration.storage.memory == .mebibytes(4))
    }
  }

  @Test(arguments: [
    ["--memory", "lots"], ["--http-listen", "0.0.0.0:80"], ["--auth", "required"], ["--config", "/nonexistent"],
  ])
  func aFaultyConfigurationEndsWith78(arguments: [String]) throws {
    let command = try ServeCommand.parse(arguments)
    let code = #expect(throws: ExitCode.self) { try command.load(environment: [:]) }
    #expect(code?.rawValue == 78)
  }

  @Test(arguments: [["serve", "--memroy", "1MiB"], ["serve", "--memory"], ["serve", "more"], ["check-config"]])
  func unknownAndIncompleteArgumentsAreRefused(arguments: [String]) {
    #expect(throws: (any Error).self) { try HubCommand.parseAsRoot(arguments) }
  }

  @Test func checkConfigTellsGoodFromBad() throws {
    try withConfigurationFiles("[log]\nlevel = \"debug\"\n", "[log]\nlevel = \"loud\"\n") { good, bad in
      try CheckConfigCommand.parse([good]).run()
      let command = try CheckConfigCommand.parse([bad])
      #expect(throws: ExitCode.configuration) { try command.run() }
    }
  }

  private func withConfigurationFiles(
    _ first: String, _ second: String, _ body: (_ first: String, _ second: String) throws -> Void
  ) throws {
    try withTemporaryFile(first.utf8) { first in
      try withTemporaryFile(second.utf8) { second in try body(first, second) }
    }
  }
}

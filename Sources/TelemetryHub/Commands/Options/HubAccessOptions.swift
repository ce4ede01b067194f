import ArgumentParser
import Glibc

/// What tells a command which hub is meant: the options of `serve` that say where its data and its admin socket are.
struct HubAccessOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The hub's configuration file, in TOML.", valueName: "FILE"))
  var config: String?

  @Option(.dataDirectory) var dataDirectory: String?
  @Option(.httpAdminSocket) var adminSocket: String?

  @Flag(help: "Show progress even where standard error is no terminal.")
  var progress = false

  /// - Throws: `ExitCode.configuration` after every error has been written to standard error.
  func access(environment: [String: String] = ProcessEnvironment.current()) throws -> HubAccess {
    let given = [(ConfigurationKey.dataDirectory, dataDirectory), (.httpAdminSocket, adminSocket)]
    let loaded = try loadConfiguration(
      file: config, flags: given.compactMap { key, text in text.map { (key, $0) } }, environment: environment)
    return HubAccess(configuration: loaded.configuration, environment: environment)
  }
}

/// Runs `body`; where it cannot do its work, says so on standard error and throws the exit code that is due.
func reportingTransferErrors(_ body: () async throws -> Void) async throws {
  // A reader that has gone is an error to handle, not a signal to die of.
  signal(SIGPIPE, SIG_IGN)
  do {
    try await body()
  } catch let error as TransferError {
    StandardError.write("telemetry-hub: \(error)")
    throw error.exitCode
  } catch let error as ExitCode {
    throw error
  } catch {
    StandardError.write("telemetry-hub: \(error)")
    throw ExitCode.failure
  }
}

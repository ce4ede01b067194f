import ArgumentParser

extension ExitCode {
  /// Something is wrong with the configuration. (EX_CONFIG, sysexits.h)
  static let configuration = ExitCode(78)
}

/// Runs `body`; where it finds errors in the configuration, writes each as a line to standard error and throws
/// `ExitCode.configuration`.
func reportingConfigurationErrors<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let errors as ConfigurationErrors {
    for error in errors.errors { StandardError.write("telemetry-hub: \(error)") }
  } catch let error as ConfigurationError {
    StandardError.write("telemetry-hub: \(error)")
  }
  throw ExitCode.configuration
}

@testable import TelemetryHub

/// The text of a file of this project, by its path from the project's folder.
func projectFile(_ path: String, from file: String = #filePath) throws -> String {
  let folder = file.split(separator: "/").dropLast(4).joined(separator: "/")
  return try ConfigurationFile(path: "/\(folder)/\(path)").text
}

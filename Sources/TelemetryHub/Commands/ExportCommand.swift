import ArgumentParser
import HTTPAPI

/// `telemetry-hub export`: every reading as CSV or NDJSON.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write readings to a file.",
    discussion: """
      Through the running hub, or from its data directory where it is stopped. `telemetry-hub import` reads the file \
      back as it was.
      """)

  @Option(help: ArgumentHelp("csv or ndjson.", valueName: "FORMAT"))
  var format = "csv"

  @Option(help: ArgumentHelp("Devices, comma-separated, with * and ?. (default: all)", valueName: "GLOB"))
  var device: String?

  @Option(help: ArgumentHelp("Metrics, comma-separated, with * and ?. (default: all)", valueName: "GLOB"))
  var metric: String?

  // A time before now begins with a dash.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The first time: RFC 3339, Unix time, or -10m. (default: the oldest reading)", valueName: "TIME"))
  var from: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The time before which to end. (default: the newest reading)", valueName: "TIME"))
  var to: String?

  @Option(help: ArgumentHelp("The file; it is there when it is complete.", valueName: "FILE"))
  var output = "-"

  @OptionGroup var hub: HubAccessOptions

  func run() async throws {
    try await reportingTransferErrors {
      let access = try hub.access()
      let file = try FileOutput(path: output)
      var progress = ProgressLine(isWanted: hub.progress)
      func take(_ bytes: [UInt8]) throws(TransferError) -> Bool {
        defer { progress.show("exported \(ProgressLine.size(file.byteCount))") }
        return try file.write(bytes)
      }
      var parameters = ExportParameters()
      (parameters.format, parameters.device, parameters.metric) = (format, device, metric)
      (parameters.from, parameters.to) = (from, to)
      if let connection = try access.connect() {
        let query = QueryText.make(ExportParameters.names.map { ($0.name, parameters[keyPath: $0.path]) })
        try connection.request("GET", "/v1/export" + query) { bytes, _ throws(TransferError) in try take(bytes) }
      } else {
        try await access.withStoppedHub { transfer in
          try transfer.export(parameters).forEachPiece { try take($0) }
        }
      }
      progress.show("exported \(ProgressLine.size(file.byteCount))", force: true)
      progress.end()
      if !file.isClosed { try file.finish() }
    }
  }
}

import ArgumentParser
import HTTPAPI

/// `telemetry-hub import FILE`: readings from CSV, NDJSON or InfluxDB line protocol.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read readings from a file.",
    discussion: """
      Through the running hub, or into its data directory where it is stopped. Ends when everything is on disk: with \
      0, or with 65 where a line could not be taken. Readings that are older than what the hub keeps are left out, and \
      counted.
      """)

  @Argument(help: ArgumentHelp("The file; - is standard input.", valueName: "FILE"))
  var file: String

  @Option(
    help: ArgumentHelp("csv, ndjson or influx. (default: as the file's name or contents tell)", valueName: "FORMAT"))
  var format: String?

  @Option(help: ArgumentHelp("The unit of influx times: ns, us, ms or s. (default: ns)", valueName: "UNIT"))
  var precision: String?

  @Option(
    help: ArgumentHelp(
      "The influx tag that names the device. (default: device, else host, else the measurement)", valueName: "NAME"))
  var deviceTag: String?

  @Option(
    help: ArgumentHelp(
      "Influx tags, comma-separated, whose values become part of the metric's name.", valueName: "NAMES"))
  var metricTags: String?

  @Flag(help: "End at the first line that cannot be taken; what came before it stays.")
  var strict = false

  @OptionGroup var hub: HubAccessOptions

  func run() async throws {
    try await reportingTransferErrors {
      let access = try hub.access()
      let input = try FileInput(path: file)
      var parameters = ImportParameters()
      parameters.format = format ?? TransferFormat(fileName: file)?.rawValue
      (parameters.precision, parameters.deviceTag, parameters.metricTags) = (precision, deviceTag, metricTags)
      parameters.strict = strict ? "true" : nil

      var report = ImportReport()
      var progress = ProgressLine(isWanted: hub.progress)
      func take(_ bytes: [UInt8]) {
        report.take(bytes) { line, reason in
          progress.end()
          StandardError.write("telemetry-hub: line \(line): \(reason)")
        }
        progress.show(Self.words(report))
      }
      if let connection = try access.connect() {
        let query = QueryText.make(ImportParameters.names.map { ($0.name, parameters[keyPath: $0.path]) })
        try connection.request("POST", "/v1/import" + query, input: input.descriptor) { bytes, _ in
          take(bytes)
          return true
        }
      } else {
        let descriptor = input.descriptor
        try await access.withStoppedHub(makesFile: true) { transfer in
          var sink = try transfer.makeImport(parameters)
          while true {
            let piece = try FileInput.read(descriptor, 128 << 10)
            guard !piece.isEmpty, try await sink.take(piece) else { break }
            take(sink.takeReport())
          }
          try await sink.finish()
          take(sink.takeReport())
        }
      }
      progress.end()
      try Self.tell(report)
    }
  }

  private static func words(_ report: ImportReport) -> String {
    "\(report.lines) lines, \(report.readings) readings, \(report.refused) refused"
  }

  private static func tell(_ report: ImportReport) throws(TransferError) {
    guard report.isFinished else { throw .cutOff }
    StandardError.write(words(report))
    if report.tooOld > 0 {
      StandardError.write(
        "\(report.tooOld) of the refused are older than what the hub keeps (retention under [storage])")
    }
    if !report.ignoredTags.isEmpty {
      StandardError.write(
        "tags without a place in the hub: \(report.ignoredTags.joined(separator: ", ")); lines that differ in nothing "
          + "else are one series; --metric-tags makes them part of the metric")
    }
    if let error = report.error { throw .data(reason: "ended at \(error)") }
    if report.faults > 0 { throw .data(reason: "\(report.faults) lines or readings could not be taken") }
  }
}

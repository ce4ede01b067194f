import ArgumentParser
import HTTPAPI

/// `telemetry-hub backup FILE`: a copy of the database, while the hub works.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the hub's database.",
    discussion: """
      Through the running hub, or from its data directory where it is stopped. To restore, stop the hub, put the copy \
      in the place of hub.db, remove hub.db-wal and hub.db-shm, and start it.
      """)

  @Argument(help: ArgumentHelp("The copy; it is there when it is complete. - is standard output.", valueName: "FILE"))
  var file: String

  @OptionGroup var hub: HubAccessOptions

  func run() async throws {
    try await reportingTransferErrors {
      let access = try hub.access()
      let output = try FileOutput(path: file, mode: 0o600)
      var progress = ProgressLine(isWanted: hub.progress)
      progress.show("copying the database", force: true)
      func take(_ bytes: [UInt8], _ total: UInt64?) throws(TransferError) -> Bool {
        let goesOn = try output.write(bytes)
        let whole = total.map { " of \(ProgressLine.size($0))" } ?? ""
        progress.show("saved \(ProgressLine.size(output.byteCount))\(whole)")
        return goesOn
      }
      if let connection = try access.connect() {
        try connection.request("GET", "/v1/backup") { bytes, total throws(TransferError) in try take(bytes, total) }
      } else {
        try await access.withStoppedHub { transfer in
          let source = try await transfer.backup()
          try source.forEachPiece { try take($0, source.byteCount.map { UInt64(clamping: $0) }) }
        }
      }
      progress.show("saved \(ProgressLine.size(output.byteCount))", force: true)
      progress.end()
      if output.isClosed { throw TransferError.output(path: file, reason: "nobody reads it to its end") }
      try output.finish()
    }
  }
}

import HTTPAPI
import HubDatabase
import NIOPosix
import Synchronization
import TelemetryQuery
import TimeSeriesStorage

/// Export, import and backup of a hub's data: behind the admin socket of a running hub, and in the command's process
/// where the hub is stopped.
final class HubTransfer: AdminOperations {
  private let store: TimeSeriesStore
  private let database: HubDatabase
  private let isBackingUp = Atomic(false)

  init(store: TimeSeriesStore, database: HubDatabase) {
    self.store = store
    self.database = database
  }

  func export(_ parameters: ExportParameters) throws -> any ByteSource {
    let format = try Self.format(parameters.format ?? "csv", of: TransferFormat.written)
    let now = SystemClock.unixMilliseconds()
    do throws(QueryError) {
      var from = Int64.min
      var to = Int64.max
      if let text = parameters.from { from = try TimeExpression.parse(text, parameter: "from", now: now) }
      if let text = parameters.to { to = try TimeExpression.parse(text, parameter: "to", now: now) }
      guard from < to else {
        throw QueryError(parameter: "from", received: parameters.from ?? "", allowed: "a time before to")
      }
      let selector = try Selector(device: parameters.device, metric: parameters.metric)
      let reader = ExportReader(selector, from: from, to: to, store: store)
      if let unknown = reader.unknownDevices.first {
        throw QueryError(parameter: "device", received: unknown, allowed: "the name of a device that has readings")
      }
      return ReadingsExport(reader, format: format)
    } catch {
      throw TransferProblem.parameter(name: error.parameter, received: error.received, allowed: error.allowed)
    }
  }

  func makeImport(_ parameters: ImportParameters) throws -> any ByteSink {
    var format: TransferFormat?
    if let text = parameters.format { format = try Self.format(text, of: TransferFormat.allCases) }
    var influx = InfluxOptions()
    if let text = parameters.precision {
      guard let precision = InfluxOptions.Precision(rawValue: text) else {
        throw TransferProblem.parameter(name: "precision", received: text, allowed: "ns, us, ms, s")
      }
      influx.precision = precision
    }
    if let tag = parameters.deviceTag { influx.deviceTags = [tag] }
    influx.metricTags = parameters.metricTags.map { $0.split(separator: ",").map(String.init) } ?? []
    let strict = parameters.strict ?? "false"
    guard strict == "true" || strict == "false" else {
      throw TransferProblem.parameter(name: "strict", received: strict, allowed: "true, false")
    }
    return ReadingsImport(
      format: format, influx: influx, isStrict: strict == "true",
      readings: ImportedReadings(store: store, database: database))
  }

  func backup() async throws -> any ByteSource {
    guard !isBackingUp.exchange(true, ordering: .acquiring) else {
      throw TransferProblem.busy(reason: "another backup is under way")
    }
    defer { isBackingUp.store(false, ordering: .releasing) }
    do {
      // On a thread of its own: it may take minutes, and the threads of Swift's tasks are few.
      return BackupSource(try await NIOThreadPool.singleton.runIfActive { [database] in try database.makeBackup() })
    } catch {
      throw TransferProblem.failed(reason: "no backup: \(error)")
    }
  }

  private static func format(_ text: String, of allowed: [TransferFormat]) throws -> TransferFormat {
    guard let format = TransferFormat(rawValue: text), allowed.contains(format) else {
      throw TransferProblem.parameter(name: "format", received: text, allowed: TransferFormat.names(allowed))
    }
    return format
  }
}

import HubDatabase
import Logging
import MQTTBroker
import TimeSeriesStorage

/// Opens the hub's file and says what was in it.
func openDatabase(
  _ configuration: HubConfiguration, store: TimeSeriesStore, logger: Logger
) throws -> HubDatabase {
  let start = SystemClock.brokerTime().monotonic
  let (database, report) = try HubDatabase.open(
    directory: configuration.storage.dataDirectory.path, store: store, limits: DatabaseLimits(configuration),
    logger: logger)
  let took = SystemClock.brokerTime().monotonic - start
  logger.notice("restored \(report) in \(took) ms")
  return database
}

extension DatabaseLimits {
  init(_ configuration: HubConfiguration) {
    self.init()
    commitInterval = configuration.storage.commitInterval.wholeMilliseconds
    pendingCommitBytes = configuration.storage.pendingCommitBytes.bytes
    journalBytes = Int64(configuration.storage.journal.bytes)
  }
}

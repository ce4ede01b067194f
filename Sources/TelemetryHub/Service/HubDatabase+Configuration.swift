import HubDatabase
import Logging
import MQTTBroker
import TimeSeriesStorage

/// Opens the hub's file and says what was in it.
func openDatabase(
  _ configuration: HubConfiguration, logger: Logger
) throws -> HubDatabase.Opened {
  let start = SystemClock.brokerTime().monotonic
  let opened = try HubDatabase.open(
    directory: configuration.storage.dataDirectory.path, storage: StorageLimits(configuration),
    limits: DatabaseLimits(configuration), logger: logger)
  let took = SystemClock.brokerTime().monotonic - start
  logger.notice("restored \(opened.report) in \(took) ms")
  return opened
}

extension DatabaseLimits {
  init(_ configuration: HubConfiguration) {
    self.init()
    commitInterval = configuration.storage.commitInterval.wholeMilliseconds
    pendingCommitBytes = configuration.storage.pendingCommitBytes.bytes
    diskBytes = Int64(configuration.storage.disk.bytes)
    journalBytes = Int64(configuration.storage.journal.bytes)
  }
}

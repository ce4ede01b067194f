package import DeviceManagement
package import TelemetryIngest
package import TimeSeriesStorage

/// What the routes answer from.
package struct HTTPServices: Sendable {
  package let store: TimeSeriesStore
  package let commands: CommandCenter
  package let registry: DeviceRegistry
  package let deadLetters: DeadLetterRing
  package let ingestCounters: IngestCounters
  package let operations: any HubOperations

  package init(
    store: TimeSeriesStore, commands: CommandCenter, registry: DeviceRegistry, deadLetters: DeadLetterRing,
    ingestCounters: IngestCounters, operations: any HubOperations
  ) {
    self.store = store
    self.commands = commands
    self.registry = registry
    self.deadLetters = deadLetters
    self.ingestCounters = ingestCounters
    self.operations = operations
  }
}

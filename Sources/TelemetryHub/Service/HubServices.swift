import DeviceManagement
import TelemetryIngest
import TimeSeriesStorage

/// What both doors work on: made once, shared by every event loop and by HTTP.
struct HubServices: Sendable {
  let store: TimeSeriesStore
  let commands: CommandCenter
  let registry: DeviceRegistry
  let deadLetters: DeadLetterRing
  let ingestCounters: IngestCounters
  let ingestLimits: IngestLimits

  init(_ configuration: HubConfiguration, store: TimeSeriesStore) {
    self.store = store

    var management = DeviceManagementLimits()
    management.maximumDevices = configuration.limits.maximumDevices
    management.maximumCommands = configuration.limits.maximumCommands
    management.maximumCommandBytes = configuration.limits.maximumCommandBytes.bytes
    commands = CommandCenter(limits: management)
    registry = DeviceRegistry(limits: management)

    deadLetters = DeadLetterRing(
      maximumCount: configuration.limits.deadLetters, maximumBytes: configuration.limits.deadLetterBytes.bytes)
    ingestCounters = IngestCounters()
    var ingest = IngestLimits()
    ingest.maximumPayloadBytes = configuration.maximumPacketSize.bytes
    ingestLimits = ingest
  }
}

extension StorageLimits {
  init(_ configuration: HubConfiguration) {
    self.init()
    memoryBytes = configuration.storage.memory.bytes
    rawRetention = configuration.storage.retention.wholeMilliseconds
    maximumDevices = configuration.limits.maximumDevices
    maximumSeries = configuration.limits.maximumSeries
    maximumSeriesPerDevice = configuration.limits.maximumSeriesPerDevice
  }
}

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

  init(_ configuration: HubConfiguration) {
    var storage = StorageLimits()
    storage.memoryBytes = configuration.storage.memory.bytes
    storage.rawRetention = configuration.storage.retention.wholeMilliseconds
    storage.maximumDevices = configuration.limits.maximumDevices
    storage.maximumSeries = configuration.limits.maximumSeries
    storage.maximumSeriesPerDevice = configuration.limits.maximumSeriesPerDevice
    store = TimeSeriesStore(limits: storage)

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

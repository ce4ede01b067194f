package import DeviceManagement

/// What HTTP asks of the hub; the executable implements it, so that HTTP knows no MQTT and no clock.
package protocol HubOperations: Sendable {
  /// Publishes a telemetry message as if the device had sent it; what it returns is durable.
  func publishTelemetry(device: String, payload: [UInt8]) async -> PublishOutcome

  /// A command is in its device's queue: to be delivered if the device is connected.
  func commandCreated(_ command: Command)

  /// Counters beside those of the store, of ingest and of commands: the MQTT side's.
  var metrics: [MetricFamily] { get }

  /// Whether the hub can do its work now.
  var readiness: Readiness { get }

  /// Unix milliseconds.
  func now() -> Int64
}

import DeviceManagement
import MQTTBroker
import MQTTProtocol
import TelemetryIngest
import TimeSeriesStorage

/// What a gateway notes on a telemetry topic: whose it is, resolved once.
final class TelemetryNote {
  let device: IngestDevice
  /// The levels after `telemetry/`; nil for the JSON topic.
  let metricLevels: [UInt8]?
  let activity: DeviceActivity?
  /// Of the current read.
  var counts = DeviceCounts()
  var isTouched = false

  init(device: IngestDevice, metricLevels: [UInt8]?, activity: DeviceActivity?) {
    self.device = device
    self.metricLevels = metricLevels
    self.activity = activity
  }

  /// Adds the read's counts to the device's.
  func report(at time: BrokerTime) {
    counts.redatedTimestamps = device.unreported.redatedTimestamps
    counts.refused = device.unreported.tooOld
    counts.withoutSeries = device.unreported.withoutSeries
    device.unreported = IngestDevice.Unreported()
    activity?.add(counts, now: time.wall)
    counts = DeviceCounts()
    isTouched = false
  }
}

/// What a gateway notes on a client: the devices whose commands it listens to.
final class ListenerNote {
  var devices: Set<String> = []
}

extension ProtocolVersion {
  /// As people say it.
  var displayName: String {
    switch self {
    case .v3_1: "MQTT 3.1"
    case .v3_1_1: "MQTT 3.1.1"
    case .v5: "MQTT 5.0"
    }
  }
}

extension DisconnectReason {
  /// As presence tells it.
  var words: String {
    switch self {
    case .byClient: "the client disconnected"
    case .connectionLost: "the connection was lost"
    case .keepAliveTimeout: "nothing came within one and a half times the keep-alive"
    case .takenOver: "another connection took the client identifier over"
    case .serverShuttingDown: "the hub stopped"
    case .refused(let reason):
      "the hub closed the connection, reason code 0x" + String(reason.rawValue, radix: 16, uppercase: true)
    }
  }
}

extension RegistryError {
  /// As the device and the dead letter are told.
  var words: String {
    switch self {
    case .attributesTooLarge(let bytes, let limit): "attributes of \(bytes) bytes; at most \(limit) are kept"
    case .attributesUnreadable(let reason): reason
    case .statusTooLarge(let bytes, let limit): "a status of \(bytes) bytes; at most \(limit) are kept"
    case .statusUnreadable: "the status is not UTF-8"
    case .full(let limit): "the attributes of all devices have reached their limit of \(limit) bytes"
    case .tooManyDevices(let limit): "the limit of \(limit) devices is reached"
    }
  }
}

extension TopicEntry {
  /// The device whose topic it is.
  var deviceName: String? {
    if case .device(let topic) = meaning { return topic.device }
    return nil
  }
}

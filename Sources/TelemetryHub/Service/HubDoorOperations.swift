import DeviceManagement
import HTTPAPI
import HubDatabase
import MQTTBroker
import MQTTProtocol

/// What HTTP asks of the hub, carried out by the broker.
struct HubDoorOperations: HubOperations {
  let broker: Broker
  let dispatcher: CommandDispatcher
  let database: HubDatabase
  /// `BrokerTime.monotonic` of the hub's start.
  let startedAt: Int64

  func publishTelemetry(device: String, payload: [UInt8]) async -> PublishOutcome {
    guard DeviceName.isValid(device) else { return .refused(reason: "the device name is not valid") }
    guard payload.count <= broker.limits.maximumPacketSize else {
      return .refused(reason: "\(payload.count) bytes, more than the \(broker.limits.maximumPacketSize) of a message")
    }
    let answer = await withCheckedContinuation { continuation in
      broker.publish(
        HubPublish(
          topic: Array("v1/devices/\(device)/telemetry".utf8), payload: payload, isForSink: true,
          completion: { continuation.resume(returning: $0) }))
    }
    switch answer.reason {
    case .success: return .committed
    case .payloadFormatInvalid: return .deadLetter(reason: answer.explanation ?? "the payload could not be read")
    default: return .refused(reason: answer.explanation ?? "reason code \(answer.reason.rawValue)")
    }
  }

  func commandCreated(_ command: Command) { dispatcher.deliverQueued(to: command.device) }

  var metrics: [MetricFamily] {
    broker.metricFamilies + database.metricFamilies(uptime: SystemClock.brokerTime().monotonic - startedAt)
  }

  var readiness: Readiness { database.trouble.map { .notReady(reason: $0.reason) } ?? .ready }

  func now() -> Int64 { SystemClock.unixMilliseconds() }
}

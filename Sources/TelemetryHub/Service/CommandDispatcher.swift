import DeviceManagement
import Durability
import MQTTBroker
import MQTTProtocol
import Synchronization

/// Brings queued commands to the devices that listen, and their delivery back to the command center.
///
/// A device listens while some client subscribes to its `commands` topic by its exact name.
final class CommandDispatcher: Sendable {
  /// Commands handed out at once to a device that comes back.
  private static let batch = 64

  private let commands: CommandCenter
  private let broker: Broker
  private let now: @Sendable () -> Int64
  /// Devices whose commands came back unsent although they may listen.
  private let undelivered = Mutex<Set<String>>([])
  private let lastSent = Atomic<UInt64>(0)
  private let listeners = Mutex<[String: Set<SubscriberID>]>([:])

  init(commands: CommandCenter, broker: Broker, now: @escaping @Sendable () -> Int64) {
    self.commands = commands
    self.broker = broker
    self.now = now
  }

  /// A client listens to the device's commands from now on.
  func beganListening(_ client: SubscriberID, to device: String) {
    listeners.withLock { _ = $0[device, default: []].insert(client) }
    deliverQueued(to: device)
  }

  /// Returns whether anyone still listens to the device's commands.
  @discardableResult
  func endedListening(_ client: SubscriberID, to device: String) -> Bool {
    listeners.withLock { listeners in
      guard listeners[device]?.remove(client) != nil else { return false }
      if listeners[device]?.isEmpty == true { listeners[device] = nil }
      return listeners[device] != nil
    }
  }

  /// Publishes what the device's queue holds, where the device listens.
  func deliverQueued(to device: String) {
    while listeners.withLock({ $0[device] != nil }) {
      let now = now()
      let taken = commands.takeQueued(for: device, max: Self.batch, by: .publish, now: now)
      for command in taken { publish(command, now: now) }
      if taken.count < Self.batch { return }
    }
  }

  /// Tries again what came back, where the device listens by now; call about once a second.
  func retryUndelivered() {
    let devices = undelivered.withLock { devices in
      defer { devices = [] }
      return devices
    }
    for device in devices { deliverQueued(to: device) }
  }

  private func publish(_ command: Command, now: Int64) {
    let lifetime = max(1, command.notAfter - now)
    var message = HubPublish(
      topic: Array("v1/devices/\(command.device)/commands".utf8), payload: command.wirePayload,
      properties: [
        .payloadFormatIndicator(1), .messageExpiryInterval(UInt32(clamping: (lifetime + 999) / 1_000)),
        .contentType("application/json"),
        .responseTopic("v1/devices/\(command.device)/commands/\(command.id)/result"),
        .correlationData(Array(command.id.utf8)),
      ], lifetime: lifetime, receipt: receipt(for: [command], addressee: .exactSubscribers))
    message.notBefore = committedSent([command])
    broker.publish(message)
  }

  /// Of all commands that are on their way: an answer that says there is none must not overtake one.
  var lastCommittedSent: CommitSequence { CommitSequence(rawValue: lastSent.load(ordering: .relaxed)) }

  /// The sequence after which `sent` is durable: a command leaves the hub only then.
  func committedSent(_ commands: [Command]) -> CommitSequence {
    var last = CommitSequence.none
    for command in commands {
      last = broker.commitQueue.append(
        .command(id: command.id, state: Array(command.state.rawValue.utf8)), urgency: .immediate)
    }
    lastSent.max(last.rawValue, ordering: .relaxed)
    return last
  }

  /// Marks the commands as their message fares.
  func receipt(for commands: [Command], addressee: DeliveryReceipt.Addressee) -> DeliveryReceipt {
    let device = commands.first?.device
    return DeliveryReceipt(addressee: addressee, subjects: commands.map(\.id)) { [weak self] outcome, ids in
      guard let self else { return }
      for id in ids {
        switch outcome {
        case .delivered: self.commands.markDelivered(id, now: self.now())
        case .notDelivered:
          if self.commands.markNotDelivered(id, now: self.now()), let device {
            self.undelivered.withLock { _ = $0.insert(device) }
          }
        }
      }
    }
  }
}

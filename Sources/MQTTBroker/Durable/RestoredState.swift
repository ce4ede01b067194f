/// What a database has of the broker when the hub starts: its rows as they are.
package struct RestoredState: Equatable, Sendable {
  package var sessions: [UInt64: DurableSession] = [:]
  /// By session, then by filter.
  package var subscriptions: [UInt64: [[UInt8]: DurableSubscription]] = [:]
  /// By session, then by serial. Of a session that is not there they may be left over: they are dropped.
  package var deliveries: [UInt64: [UInt64: DurableDelivery]] = [:]
  /// By session, then by Packet Identifier.
  package var exchanges: [UInt64: [UInt16: DurableExchange]] = [:]
  /// By number.
  package var messages: [UInt64: DurableMessage] = [:]
  /// By topic.
  package var retained: [[UInt8]: DurableRetained] = [:]

  package init() {}
}

extension RestoredState {
  /// Does to the rows what a database does to its own: the plain model of one.
  package mutating func apply(_ operation: RowOperation) {
    switch operation {
    case .setSession(let session): sessions[session.number] = session
    case .deleteSession(let number):
      sessions[number] = nil
      subscriptions[number] = nil
      exchanges[number] = nil
    case .setLeft(let number, let leftAt, let expiryInterval, let willDueAt):
      sessions[number]?.leftAt = leftAt
      sessions[number]?.expiryInterval = expiryInterval
      sessions[number]?.willDueAt = willDueAt
    case .deleteWill(let number):
      sessions[number]?.will = nil
      sessions[number]?.willDueAt = nil
    case .setSubscription(let number, let subscription):
      subscriptions[number, default: [:]][subscription.filter] = subscription
    case .deleteSubscription(let number, let filter): subscriptions[number]?[filter] = nil
    case .setRetainedProgress(let number, let filter, let progress):
      subscriptions[number]?[filter]?.retained = progress
    case .insertMessage(let number, let message): messages[number] = message
    case .deleteMessage(let number): messages[number] = nil
    case .insertDelivery(let number, let delivery): deliveries[number, default: [:]][delivery.serial] = delivery
    case .setSent(let number, let serial, let packetIdentifier, let order):
      deliveries[number]?[serial]?.packetIdentifier = packetIdentifier
      deliveries[number]?[serial]?.order = order
    case .setReceived(let number, let serial):
      deliveries[number]?[serial]?.stage = .received
      deliveries[number]?[serial]?.message = 0
    case .deleteDelivery(let number, let serial):
      deliveries[number]?[serial] = nil
      if deliveries[number]?.isEmpty == true { deliveries[number] = nil }
    case .setExchange(let number, let exchange):
      exchanges[number, default: [:]][exchange.packetIdentifier] = exchange
    case .deleteExchange(let number, let packetIdentifier): exchanges[number]?[packetIdentifier] = nil
    case .setRetained(let new):
      if retained[new.message.topic].map({ $0.serial <= new.serial }) ?? true { retained[new.message.topic] = new }
    case .deleteRetained(let topic, let serial):
      if let old = retained[topic], old.serial <= serial { retained[topic] = nil }
    }
  }
}

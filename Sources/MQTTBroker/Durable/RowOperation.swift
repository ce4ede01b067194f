/// What one transaction does to the broker's tables. Rows of a session are keyed by its number and, within it, by filter,
/// serial or Packet Identifier.
package enum RowOperation: Equatable, Sendable {
  /// Inserts or replaces a session's own row.
  case setSession(DurableSession)
  /// Deletes a session's row, its subscriptions and its exchanges, but no deliveries: those go one by one.
  case deleteSession(UInt64)
  /// Updates a session whose client went away.
  case setLeft(session: UInt64, leftAt: Int64, expiryInterval: UInt32, willDueAt: Int64?)
  case deleteWill(session: UInt64)

  case setSubscription(session: UInt64, DurableSubscription)
  case deleteSubscription(session: UInt64, filter: [UInt8])
  /// Updates a subscription, where there is one.
  case setRetainedProgress(session: UInt64, filter: [UInt8], RetainedProgress?)

  /// Inserts a message that is new to the database.
  case insertMessage(UInt64, DurableMessage)
  case deleteMessage(UInt64)

  case insertDelivery(session: UInt64, DurableDelivery)
  /// Updates a delivery that got its Packet Identifier.
  case setSent(session: UInt64, serial: UInt64, packetIdentifier: UInt16, order: UInt64)
  /// Updates a delivery that its client has: its stage is `received`, its message 0.
  case setReceived(session: UInt64, serial: UInt64)
  case deleteDelivery(session: UInt64, serial: UInt64)

  /// Inserts or replaces.
  case setExchange(session: UInt64, DurableExchange)
  case deleteExchange(session: UInt64, packetIdentifier: UInt16)

  /// Inserts or replaces, unless the topic's row has a higher serial.
  case setRetained(DurableRetained)
  /// Deletes the topic's row, unless it has a higher serial.
  case deleteRetained(topic: [UInt8], serial: UInt64)
}

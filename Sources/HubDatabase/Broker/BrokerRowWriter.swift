import MQTTBroker

/// Writes what outlives the broker's connections: sessions, their subscriptions and messages, retained messages. Within a
/// transaction of its owner.
final class BrokerRowWriter {
  private let setSession: SQLiteStatement
  private let deleteSession: [SQLiteStatement]
  private let setLeft: SQLiteStatement
  private let deleteWill: SQLiteStatement
  private let setSubscription: SQLiteStatement
  private let findSubscription: SQLiteStatement
  private let deleteSubscription: SQLiteStatement
  private let insertMessage: SQLiteStatement
  private let deleteMessage: SQLiteStatement
  private let insertDelivery: SQLiteStatement
  private let setSent: SQLiteStatement
  private let setReceived: SQLiteStatement
  private let deleteDelivery: SQLiteStatement
  private let setExchange: SQLiteStatement
  private let deleteExchange: SQLiteStatement
  private let setRetained: SQLiteStatement
  private let deleteRetained: SQLiteStatement

  init(_ connection: SQLiteConnection) throws(SQLiteError) {
    setSession = try connection.prepare(
      "INSERT OR REPLACE INTO sessions(id, client, expiry, will, left_at, will_due_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
    deleteSession = [
      try connection.prepare("DELETE FROM sessions WHERE id = ?1"),
      try connection.prepare("DELETE FROM subscriptions WHERE session = ?1"),
      try connection.prepare("DELETE FROM exchanges WHERE session = ?1"),
    ]
    setLeft = try connection.prepare("UPDATE sessions SET left_at = ?2, expiry = ?3, will_due_at = ?4 WHERE id = ?1")
    deleteWill = try connection.prepare("UPDATE sessions SET will = NULL, will_due_at = NULL WHERE id = ?1")
    setSubscription = try connection.prepare(
      "INSERT OR REPLACE INTO subscriptions(session, filter, options) VALUES(?1, ?2, ?3)")
    findSubscription = try connection.prepare("SELECT options FROM subscriptions WHERE session = ?1 AND filter = ?2")
    deleteSubscription = try connection.prepare("DELETE FROM subscriptions WHERE session = ?1 AND filter = ?2")
    insertMessage = try connection.prepare("INSERT OR REPLACE INTO messages(id, data) VALUES(?1, ?2)")
    deleteMessage = try connection.prepare("DELETE FROM messages WHERE id = ?1")
    insertDelivery = try connection.prepare(
      """
      INSERT OR REPLACE INTO deliveries(session, serial, message, stage, packet, place, options)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
    setSent = try connection.prepare(
      "UPDATE deliveries SET packet = ?3, place = ?4 WHERE session = ?1 AND serial = ?2")
    setReceived = try connection.prepare(
      "UPDATE deliveries SET stage = \(DurableDelivery.Stage.received.rawValue), message = 0 WHERE session = ?1 AND serial = ?2"
    )
    deleteDelivery = try connection.prepare("DELETE FROM deliveries WHERE session = ?1 AND serial = ?2")
    setExchange = try connection.prepare(
      "INSERT OR REPLACE INTO exchanges(session, packet, message) VALUES(?1, ?2, ?3)")
    deleteExchange = try connection.prepare("DELETE FROM exchanges WHERE session = ?1 AND packet = ?2")
    setRetained = try connection.prepare(
      """
      INSERT INTO retained(topic, serial, data) VALUES(?1, ?2, ?3)
        ON CONFLICT(topic) DO UPDATE SET serial = excluded.serial, data = excluded.data WHERE serial <= excluded.serial
      """)
    deleteRetained = try connection.prepare("DELETE FROM retained WHERE topic = ?1 AND serial <= ?2")
  }

  func perform(_ operation: RowOperation) throws(SQLiteError) {
    switch operation {
    case .setSession(let session): try set(session)
    case .deleteSession(let session):
      for statement in deleteSession {
        try statement.run { row throws(SQLiteError) in try row.bind(1, number: session) }
      }
    case .setLeft(let session, let leftAt, let expiryInterval, let willDueAt):
      try setLeft.run { row throws(SQLiteError) in
        try row.bind(1, number: session)
        try row.bind(2, leftAt)
        try row.bind(3, Int64(expiryInterval))
        try row.bind(4, willDueAt)
      }
    case .deleteWill(let session): try deleteWill.run { row throws(SQLiteError) in try row.bind(1, number: session) }
    case .setSubscription(let session, let subscription): try set(subscription, of: session)
    case .deleteSubscription(let session, let filter):
      try deleteSubscription.run { row throws(SQLiteError) in
        try row.bind(1, number: session)
        try row.bind(2, filter)
      }
    case .setRetainedProgress(let session, let filter, let progress):
      guard var subscription = try subscription(filter, of: session) else { return }
      subscription.retained = progress
      try set(subscription, of: session)
    case .insertMessage(let number, let message):
      try insertMessage.run { row throws(SQLiteError) in
        try row.bind(1, number: number)
        try row.bind(2, CheckedBlob.blob(of: message.encoded()))
      }
    case .deleteMessage(let number):
      try deleteMessage.run { row throws(SQLiteError) in try row.bind(1, number: number) }
    default: try performOnDelivery(operation)
    }
  }

  private func performOnDelivery(_ operation: RowOperation) throws(SQLiteError) {
    switch operation {
    case .insertDelivery(let session, let delivery): try insert(delivery, of: session)
    case .setSent(let session, let serial, let packetIdentifier, let order):
      try setSent.run { row throws(SQLiteError) in
        try row.bind(1, number: session)
        try row.bind(2, number: serial)
        try row.bind(3, Int64(packetIdentifier))
        try row.bind(4, number: order)
      }
    case .setReceived(let session, let serial): try run(setReceived, session, serial)
    case .deleteDelivery(let session, let serial): try run(deleteDelivery, session, serial)
    case .setExchange(let session, let exchange):
      try setExchange.run { row throws(SQLiteError) in
        try row.bind(1, number: session)
        try row.bind(2, Int64(exchange.packetIdentifier))
        try row.bind(3, number: exchange.message)
      }
    case .deleteExchange(let session, let packetIdentifier):
      try run(deleteExchange, session, UInt64(packetIdentifier))
    case .setRetained(let retained):
      try setRetained.run { row throws(SQLiteError) in
        try row.bind(1, retained.message.topic)
        try row.bind(2, number: retained.serial)
        try row.bind(3, CheckedBlob.blob(of: retained.message.encoded()))
      }
    case .deleteRetained(let topic, let serial):
      try deleteRetained.run { row throws(SQLiteError) in
        try row.bind(1, topic)
        try row.bind(2, number: serial)
      }
    default: preconditionFailure("BUG: an operation that nobody performs")
    }
  }

  private func run(_ statement: SQLiteStatement, _ first: UInt64, _ second: UInt64) throws(SQLiteError) {
    try statement.run { row throws(SQLiteError) in
      try row.bind(1, number: first)
      try row.bind(2, number: second)
    }
  }

  private func set(_ session: DurableSession) throws(SQLiteError) {
    try setSession.run { row throws(SQLiteError) in
      try row.bind(1, number: session.number)
      try row.bind(2, session.clientIdentifier)
      try row.bind(3, Int64(session.expiryInterval))
      try row.bind(4, session.will.map { CheckedBlob.blob(of: $0.encoded()) })
      try row.bind(5, session.leftAt)
      try row.bind(6, session.willDueAt)
    }
  }

  private func set(_ subscription: DurableSubscription, of session: UInt64) throws(SQLiteError) {
    try setSubscription.run { row throws(SQLiteError) in
      try row.bind(1, number: session)
      try row.bind(2, subscription.filter)
      try row.bind(3, CheckedBlob.blob(of: subscription.encodedOptions()))
    }
  }

  private func subscription(_ filter: [UInt8], of session: UInt64) throws(SQLiteError) -> DurableSubscription? {
    defer { findSubscription.reset() }
    try findSubscription.bind(1, number: session)
    try findSubscription.bind(2, filter)
    guard try findSubscription.step(), let options = findSubscription.checkedBytes(0) else { return nil }
    return try? DurableSubscription(filter: filter, decodingOptions: options)
  }

  private func insert(_ delivery: DurableDelivery, of session: UInt64) throws(SQLiteError) {
    try insertDelivery.run { row throws(SQLiteError) in
      try row.bind(1, number: session)
      try row.bind(2, number: delivery.serial)
      try row.bind(3, number: delivery.message)
      try row.bind(4, Int64(delivery.stage.rawValue))
      try row.bind(5, Int64(delivery.packetIdentifier))
      try row.bind(6, number: delivery.order)
      try row.bind(7, CheckedBlob.blob(of: delivery.encodedOptions()))
    }
  }
}

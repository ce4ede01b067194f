import MQTTBroker
import MQTTProtocol

/// Reads what outlives the broker's connections, all of it. A row that is damaged is left out and counted.
struct BrokerRowReader {
  private let connection: SQLiteConnection
  private(set) var state = RestoredState()
  private(set) var damagedRows = 0

  init(_ connection: SQLiteConnection) { self.connection = connection }

  mutating func read() throws(SQLiteError) {
    try readSessions()
    try readSubscriptions()
    try readMessages()
    try readDeliveries()
    try readExchanges()
    try readRetained()
  }

  private mutating func readSessions() throws(SQLiteError) {
    let row = try connection.prepare("SELECT id, client, expiry, will, left_at, will_due_at FROM sessions")
    while try row.step() {
      var session = DurableSession(
        number: row.unsigned(0), clientIdentifier: row.text(1), expiryInterval: UInt32(clamping: row.number(2)))
      if !row.isNull(3) { session.will = decoded(row, 3) { try Will(decoding: $0) } }
      session.leftAt = row.isNull(4) ? nil : row.number(4)
      session.willDueAt = row.isNull(5) ? nil : row.number(5)
      state.sessions[session.number] = session
    }
  }

  private mutating func readSubscriptions() throws(SQLiteError) {
    let row = try connection.prepare("SELECT session, filter, options FROM subscriptions")
    while try row.step() {
      let filter = row.bytes(1)
      let subscription = decoded(row, 2) { try DurableSubscription(filter: filter, decodingOptions: $0) }
      if let subscription { state.subscriptions[row.unsigned(0), default: [:]][filter] = subscription }
    }
  }

  private mutating func readMessages() throws(SQLiteError) {
    let row = try connection.prepare("SELECT id, data FROM messages")
    while try row.step() {
      if let message = decoded(row, 1, { try DurableMessage(decoding: $0) }) {
        state.messages[row.unsigned(0)] = message
      }
    }
  }

  private mutating func readDeliveries() throws(SQLiteError) {
    let row = try connection.prepare("SELECT session, serial, message, stage, packet, place, options FROM deliveries")
    while try row.step() {
      guard let stage = DurableDelivery.Stage(rawValue: UInt8(clamping: row.number(3))) else {
        damagedRows += 1
        continue
      }
      let delivery = decoded(row, 6) { options in
        try DurableDelivery(
          serial: row.unsigned(1), message: row.unsigned(2), stage: stage,
          packetIdentifier: UInt16(clamping: row.number(4)), order: row.unsigned(5), decodingOptions: options)
      }
      if let delivery { state.deliveries[row.unsigned(0), default: [:]][delivery.serial] = delivery }
    }
  }

  private mutating func readExchanges() throws(SQLiteError) {
    let row = try connection.prepare("SELECT session, packet, message FROM exchanges")
    while try row.step() {
      let exchange = DurableExchange(packetIdentifier: UInt16(clamping: row.number(1)), message: row.unsigned(2))
      state.exchanges[row.unsigned(0), default: [:]][exchange.packetIdentifier] = exchange
    }
  }

  private mutating func readRetained() throws(SQLiteError) {
    let row = try connection.prepare("SELECT serial, data FROM retained")
    while try row.step() {
      guard let message = decoded(row, 1, { try DurableMessage(decoding: $0) }) else { continue }
      state.retained[message.topic] = DurableRetained(serial: row.unsigned(0), message: message)
    }
  }

  private mutating func decoded<Value>(
    _ row: SQLiteStatement, _ column: Int32, _ decode: ([UInt8]) throws -> Value
  ) -> Value? {
    if let bytes = row.checkedBytes(column), let value = try? decode(bytes) { return value }
    damagedRows += 1
    return nil
  }
}

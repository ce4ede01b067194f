import MQTTBroker
import MQTTProtocol
import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// A file as a former version wrote it: its tables in the words of that version, and rows in all of them.
///
/// Whoever adds a migration adds the file that the version before it wrote (`sqlite3 hub.db .dump`).
struct FormerFile: Sendable, CustomTestStringConvertible {
  static let start: Int64 = 1_700_000_000_000
  static let all = [version1]

  let version: Int64
  let sql: String
  /// By device and metric: what it holds.
  let readings: [(device: String, metric: String, readings: [Reading])]
  let broker: RestoredState

  var testDescription: String { "version \(version)" }

  func write(to path: String) throws {
    let connection = try SQLiteConnection(path: path, mode: .readWrite)
    try connection.execute(
      """
      PRAGMA journal_mode=WAL; BEGIN; \(sql)
      PRAGMA application_id=\(Schema.applicationID); PRAGMA user_version=\(version); COMMIT
      """)
  }

  /// What all of them hold of the broker's.
  static let broker: RestoredState = {
    var state = RestoredState()
    let will = Will(
      topic: "last/words", payload: Array("gone".utf8), qos: .atLeastOnce, retain: false,
      properties: [.willDelayInterval(3)])
    state.sessions[7] = DurableSession(
      number: 7, clientIdentifier: "lasting", expiryInterval: 3_600, will: will, leftAt: start, willDueAt: start + 3_000
    )
    let filter = Array("log/#".utf8)
    state.subscriptions[7] = [filter: DurableSubscription(filter: filter, qos: .exactlyOnce, identifier: 5)]
    state.messages[1] = DurableMessage(
      topic: Array("log/a".utf8), payload: Array("hello".utf8), qos: .exactlyOnce, retain: false, publisherName: "pump")
    state.deliveries[7] = [
      11: DurableDelivery(
        serial: 11, message: 1, qos: .exactlyOnce, identifiers: [5], packetIdentifier: 3, order: 4)
    ]
    state.exchanges[7] = [21: DurableExchange(packetIdentifier: 21)]
    let topic = Array("state".utf8)
    state.retained[topic] = DurableRetained(
      serial: 9,
      message: DurableMessage(topic: topic, payload: Array("on".utf8), qos: .atLeastOnce, retain: true))
    return state
  }()
}

import MQTTBroker
import MQTTProtocol
import Testing

@testable import HubDatabase

/// The rows in the file are what the operations say: against the plain model of them.
@Suite struct BrokerRowTests {
  @Test(arguments: 0..<30) func rowsAreWhatTheModelSays(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let connection = try DatabaseFile(path: directory.path + "/hub.db", vfs: nil).connection()
    let writer = try BrokerRowWriter(connection)
    var model = RestoredState()
    for _ in 0..<400 {
      let operation = Self.operation(&random)
      try writer.perform(operation)
      model.apply(operation)
    }
    var reader = BrokerRowReader(connection)
    try reader.read()
    #expect(reader.damagedRows == 0)
    // What is left empty in the model is not there.
    model.subscriptions = model.subscriptions.filter { !$0.value.isEmpty }
    model.exchanges = model.exchanges.filter { !$0.value.isEmpty }
    #expect(reader.state == model)
  }

  private static func operation(_ random: inout SeededGenerator) -> RowOperation {
    func number(_ count: UInt64 = 4) -> UInt64 { UInt64.random(in: 1...count, using: &random) }
    func some<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
    func bytes(_ name: String) -> [UInt8] { Array("\(name)/\(number(3))".utf8) }
    func qos() -> QoS { QoS(rawValue: UInt8(number(3) - 1)) ?? .atMostOnce }
    func time() -> Int64 { Int64.random(in: 0...2_000_000_000_000, using: &random) }
    func message() -> DurableMessage {
      DurableMessage(
        topic: bytes("topic"), payload: (0..<number(40)).map { _ in UInt8(number(255)) }, qos: qos(),
        retain: Bool.random(using: &random), expiry: some(time()), publisher: number() - 1, publisherName: some("ö"))
    }
    switch number(17) {
    case 1, 2:
      let will = Will(
        topic: "will", payload: bytes("gone"), qos: qos(), retain: true, properties: [.willDelayInterval(3)])
      return .setSession(
        DurableSession(
          number: number(), clientIdentifier: "client \(number())", expiryInterval: .max, will: some(will),
          leftAt: some(time()), willDueAt: some(time())))
    case 3: return .deleteSession(number())
    case 4: return .setLeft(session: number(), leftAt: time(), expiryInterval: 7, willDueAt: some(time()))
    case 5: return .deleteWill(session: number())
    case 6, 7:
      return .setSubscription(
        session: number(),
        DurableSubscription(
          filter: bytes("a/+"), qos: qos(), noLocal: Bool.random(using: &random), identifier: UInt32(number()),
          isByMe: Bool.random(using: &random)))
    case 8: return .deleteSubscription(session: number(), filter: bytes("a/+"))
    case 9:
      return .setRetainedProgress(
        session: number(), filter: bytes("a/+"),
        some(RetainedProgress(lastSerial: number(), place: some(bytes("place")), isOwed: Bool.random(using: &random))))
    case 10: return .insertMessage(number(), message())
    case 11: return .deleteMessage(number())
    case 12:
      return .insertDelivery(
        session: number(),
        DurableDelivery(
          serial: number(), message: number(), qos: .atLeastOnce, identifiers: [1, 268_435_455],
          share: some(bytes("$share/g")), packetIdentifier: UInt16(number(65_535)), order: number()))
    case 13: return .setSent(session: number(), serial: number(), packetIdentifier: 9, order: .max >> 1)
    case 14: return .setReceived(session: number(), serial: number())
    case 15: return .deleteDelivery(session: number(), serial: number())
    case 16:
      return Bool.random(using: &random)
        ? .setExchange(session: number(), DurableExchange(packetIdentifier: UInt16(number()), message: number() - 1))
        : .deleteExchange(session: number(), packetIdentifier: UInt16(number()))
    default:
      return Bool.random(using: &random)
        ? .setRetained(DurableRetained(serial: number(), message: message()))
        : .deleteRetained(topic: bytes("topic"), serial: number())
    }
  }

  @Test func aDamagedRowIsLeftOut() throws {
    let directory = try TemporaryDirectory()
    let connection = try DatabaseFile(path: directory.path + "/hub.db", vfs: nil).connection()
    let writer = try BrokerRowWriter(connection)
    for number in UInt64(1)...3 {
      try writer.perform(
        .insertMessage(number, DurableMessage(topic: [65], payload: [UInt8(number)], qos: .atLeastOnce, retain: false)))
    }
    try connection.execute("UPDATE messages SET data = zeroblob(length(data)) WHERE id = 2")
    var reader = BrokerRowReader(connection)
    try reader.read()
    #expect(reader.damagedRows == 1)
    #expect(Set(reader.state.messages.keys) == [1, 3])
  }
}

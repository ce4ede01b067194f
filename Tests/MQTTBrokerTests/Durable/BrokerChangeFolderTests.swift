import MQTTProtocol
import Testing

@testable import MQTTBroker

/// What becomes of changes in transactions: the rows are the same however they are cut, and no row is written in vain.
@Suite struct BrokerChangeFolderTests {
  private static let time = BrokerTime(monotonic: 1_000, wall: 1_700_000_001_000)

  private func message(_ number: UInt64) -> StoredMessage {
    let kept = DurableMessage(
      topic: [97], payload: [UInt8(truncatingIfNeeded: number)], qos: .exactlyOnce, retain: false)
    return StoredMessage(kept, number: number, at: Self.time)
  }

  private func delivery(_ number: UInt64) -> OutboundDelivery {
    OutboundDelivery(
      message: message(number), qos: .atLeastOnce, retain: false, identifiers: [], isByMe: false, share: nil)
  }

  private func operations(_ changes: [BrokerChange]) -> [RowOperation] {
    var folder = BrokerChangeFolder()
    folder.fold(BrokerChanges(changes, at: Self.time))
    return folder.takeOperations()
  }

  @Test func whatIsAcknowledgedBeforeTheCommitIsNeverWritten() {
    let changes: [BrokerChange] = [
      .queued(session: 1, serial: 5, delivery(9)), .sent(session: 1, serial: 5, packetIdentifier: 1, order: 1),
      .removed(session: 1, serial: 5, message: 9),
    ]
    #expect(operations(changes).isEmpty)
  }

  @Test func aSessionThatEndsBeforeTheCommitIsNeverWritten() {
    let changes: [BrokerChange] = [
      .began(session: 1, clientIdentifier: "c", expiryInterval: 9, will: nil),
      .subscribed(session: 1, DurableSubscription(filter: [97], qos: .atLeastOnce)),
      .received(session: 1, packetIdentifier: 4, message(2)), .ended(session: 1),
    ]
    #expect(operations(changes).isEmpty)
  }

  @Test func aMessageIsWrittenOnceForAll() {
    let changes = (1...100).map { BrokerChange.queued(session: $0, serial: $0, delivery(7)) }
    let messages = operations(changes).count { if case .insertMessage = $0 { true } else { false } }
    #expect(messages == 1)
  }

  @Test func aMessageGoesWithItsLastDelivery() {
    var folder = BrokerChangeFolder()
    folder.fold(
      BrokerChanges(
        [.queued(session: 1, serial: 1, delivery(7)), .queued(session: 2, serial: 2, delivery(7))], at: Self.time))
    _ = folder.takeOperations()
    folder.fold(BrokerChanges([.removed(session: 1, serial: 1, message: 7)], at: Self.time))
    #expect(folder.takeOperations() == [.deleteDelivery(session: 1, serial: 1)])
    folder.fold(BrokerChanges([.receivedByClient(session: 2, serial: 2, message: 7)], at: Self.time))
    #expect(folder.takeOperations() == [.setReceived(session: 2, serial: 2), .deleteMessage(7)])
  }

  /// Two event loops retain on one topic; what they record comes in another order.
  @Test(arguments: [true, false]) func theHighestSerialIsRetained(isCutBetween: Bool) {
    for clears in [true, false] {
      var folder = BrokerChangeFolder()
      var state = RestoredState()
      let last: BrokerChange =
        clears ? .retainedCleared(topic: [97], serial: 8) : .retained(message(1), serial: 8)
      for change in [last, .retained(message(2), serial: 7)] {
        folder.fold(BrokerChanges([change], at: Self.time))
        if isCutBetween { folder.takeOperations().forEach { state.apply($0) } }
      }
      folder.takeOperations().forEach { state.apply($0) }
      #expect(state.retained[[97]]?.message.payload == (clears ? nil : [1]))
    }
  }

  @Test func expiryIsKeptByTheWallClock() {
    let kept = DurableMessage(topic: [97], payload: [1], qos: .atLeastOnce, retain: true, expiry: 1_700_000_005_000)
    let stored = StoredMessage(kept, number: 0, at: Self.time)
    #expect(stored.expiry == 5_000)
    guard case .setRetained(let row)? = operations([.retained(stored, serial: 1)]).first else {
      Issue.record("not retained")
      return
    }
    #expect(row.message == kept)
  }

  /// The same changes as one transaction each, all in one, and cut at random make the same rows.
  @Test(arguments: 1...200 as ClosedRange<UInt64>) func transactionsMayBeCutAnywhere(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let changes = randomChanges(&random)
    func rows(cuttingOneIn odds: Int) -> RestoredState {
      var folder = BrokerChangeFolder()
      var state = RestoredState()
      for change in changes {
        folder.fold(BrokerChanges([change], at: Self.time))
        guard Int.random(in: 0..<odds, using: &random) == 0 else { continue }
        folder.takeOperations().forEach { state.apply($0) }
        // As after a restart.
        if Bool.random(using: &random) { folder = BrokerChangeFolder(resuming: state) }
      }
      folder.takeOperations().forEach { state.apply($0) }
      state.subscriptions = state.subscriptions.filter { !$0.value.isEmpty }
      state.exchanges = state.exchanges.filter { !$0.value.isEmpty }
      return state
    }
    let one = rows(cuttingOneIn: 1)
    #expect(rows(cuttingOneIn: .max) == one)
    #expect(rows(cuttingOneIn: 4) == one)
    let needed = Set(
      one.deliveries.values.flatMap { $0.values.map(\.message) }
        + one.exchanges.values.flatMap { $0.values.map(\.message) }
    ).subtracting([0])
    #expect(Set(one.messages.keys) == needed)
  }

  /// Changes that a broker might record, in an order in which it might.
  private func randomChanges(_ random: inout SeededGenerator) -> [BrokerChange] {
    var changes: [BrokerChange] = []
    var live: [UInt64] = []
    var open: [(session: UInt64, serial: UInt64, message: UInt64)] = []
    var exchanges: [(session: UInt64, identifier: UInt16)] = []
    for step in 1...UInt64(120) {
      let session = live.randomElement(using: &random)
      switch (Int.random(in: 0..<9, using: &random), session) {
      case (0, _), (_, nil):
        live.append(step)
        changes.append(.began(session: step, clientIdentifier: "\(step)", expiryInterval: 5, will: nil))
      case (1, let session?):
        let filter = [UInt8.random(in: 97...99, using: &random)]
        changes.append(
          Bool.random(using: &random)
            ? .subscribed(session: session, DurableSubscription(filter: filter, qos: .atLeastOnce))
            : .unsubscribed(session: session, filter: filter))
      case (2, let session?), (3, let session?):
        let number = UInt64.random(in: 1...10, using: &random)
        open.append((session, step, number))
        changes.append(.queued(session: session, serial: step, delivery(number)))
      case (4, _):
        guard let entry = open.randomElement(using: &random) else { continue }
        changes.append(.sent(session: entry.session, serial: entry.serial, packetIdentifier: 3, order: step))
      case (5, _):
        guard let place = open.indices.randomElement(using: &random), open[place].message != 0 else { continue }
        changes.append(
          .receivedByClient(session: open[place].session, serial: open[place].serial, message: open[place].message))
        open[place].message = 0
      case (6, _):
        guard let place = open.indices.randomElement(using: &random) else { continue }
        let entry = open.remove(at: place)
        changes.append(.removed(session: entry.session, serial: entry.serial, message: entry.message))
      case (7, let session?):
        let identifier = UInt16(step)
        exchanges.append((session, identifier))
        changes.append(.received(session: session, packetIdentifier: identifier, message(100 + step)))
        if Bool.random(using: &random) { changes.append(.delivered(session: session, packetIdentifier: identifier)) }
        if Bool.random(using: &random) { changes.append(.released(session: session, packetIdentifier: identifier)) }
      case (_, let session?):
        for entry in open where entry.session == session {
          changes.append(.removed(session: session, serial: entry.serial, message: entry.message))
        }
        open.removeAll { $0.session == session }
        live.removeAll { $0 == session }
        changes.append(.ended(session: session))
      }
    }
    return changes
  }
}

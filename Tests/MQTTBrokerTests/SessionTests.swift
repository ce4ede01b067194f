import MQTTProtocol
import Testing

@testable import MQTTBroker

@Suite struct SessionTests {
  private static let shards: [(Int, Int)] = [(0, 0), (0, 1), (1, 0)]

  private func connect(
    _ broker: TestBroker, _ identifier: String = "s", shard: Int = 0, clean: Bool = false, expiry: UInt32 = 100,
    will: Will? = nil, properties: [Property] = []
  ) -> TestClient {
    let client = broker.open(shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: .v5, cleanStart: clean, clientIdentifier: identifier, will: will,
          properties: Properties([.sessionExpiryInterval(expiry)] + properties))))
    return client
  }

  private func sessionPresent(_ client: TestClient) -> Bool? {
    for case .connack(let connack) in client.output.packets { return connack.sessionPresent }
    return nil
  }

  private func publishes(_ client: TestClient) -> [PublishPacket] {
    client.output.takeAll().compactMap { if case .publish(let publish) = $0 { publish } else { nil } }
  }

  private func texts(_ publishes: [PublishPacket]) -> [String] {
    publishes.map { String(decoding: $0.payload, as: UTF8.self) }
  }

  @Test(arguments: shards) func whatComesWhileTheClientIsAwayWaitsForIt(first: Int, second: Int) {
    let broker = TestBroker(shards: 2)
    let away = connect(broker, shard: first)
    #expect(sessionPresent(away) == false)
    away.subscribe("a/#")
    away.lost()
    let writer = broker.client("w", shard: 0)
    for (index, payload) in ["1", "2", "3"].enumerated() {
      writer.publish("a/x", payload, qos: index == 1 ? .exactlyOnce : .atLeastOnce, id: UInt16(index + 1))
      if index == 1 { writer.send(.pubrel(AcknowledgementPacket(packetIdentifier: 2))) }
    }
    writer.publish("a/x", "QoS 0 has nobody to wait for")
    #expect(broker.broker.statistics.queuedMessages == 3)

    let back = connect(broker, shard: second)
    #expect(sessionPresent(back) == true)
    let got = publishes(back)
    #expect(texts(got) == ["1", "2", "3"])
    let areAllNew = got.allSatisfy { !$0.duplicate && $0.packetIdentifier != 0 }
    #expect(areAllNew)
    #expect(Set(got.map(\.packetIdentifier)).count == 3)
    #expect(broker.broker.statistics.subscriptions == 1)

    // The subscription is in force where the client is now.
    writer.publish("a/y", "live")
    #expect(texts(publishes(back)) == ["live"])
    #expect(broker.broker.statistics.queuedMessages == 0)
  }

  @Test(arguments: shards) func whatWasNotAcknowledgedComesAgain(first: Int, second: Int) {
    let broker = TestBroker(shards: 2)
    let client = connect(broker, shard: first)
    client.subscribe("a")
    let writer = broker.client("w")
    for (index, qos) in [QoS.atLeastOnce, .exactlyOnce, .exactlyOnce].enumerated() {
      let id = UInt16(index + 1)
      writer.publish("a", "\(index)", qos: qos, id: id)
      if qos == .exactlyOnce { writer.send(.pubrel(AcknowledgementPacket(packetIdentifier: id))) }
    }
    let sent = publishes(client)
    #expect(texts(sent) == ["0", "1", "2"])
    client.send(.pubrec(AcknowledgementPacket(packetIdentifier: sent[2].packetIdentifier)))
    client.lost()

    let back = connect(broker, shard: second)
    let packets = back.output.takeAll()
    let again = packets.compactMap { if case .publish(let publish) = $0 { publish } else { nil } }
    #expect(texts(again) == ["0", "1"])
    let areAllDuplicates = again.allSatisfy { $0.duplicate }
    #expect(areAllDuplicates)
    #expect(again.map(\.packetIdentifier) == sent.prefix(2).map(\.packetIdentifier))
    #expect(packets.contains(.pubrel(AcknowledgementPacket(packetIdentifier: sent[2].packetIdentifier))))
    back.send(.puback(AcknowledgementPacket(packetIdentifier: sent[0].packetIdentifier)))
    back.send(.pubrec(AcknowledgementPacket(packetIdentifier: sent[1].packetIdentifier)))
    for packet in sent[1...] { back.send(.pubcomp(AcknowledgementPacket(packetIdentifier: packet.packetIdentifier))) }
    #expect(broker.broker.memory.queuedBytes == 0)
  }

  @Test(arguments: shards) func aPublishOfTheClientIsTakenOnceAcrossConnections(first: Int, second: Int) {
    let broker = TestBroker(shards: 2)
    let reader = broker.client("reader")
    reader.subscribe("a")
    _ = reader.output.takeAll()
    let client = connect(broker, shard: first)
    client.publish("a", "once", qos: .exactlyOnce, id: 7)
    client.lost()
    let back = connect(broker, shard: second)
    _ = back.output.takeAll()
    back.publish("a", "once", qos: .exactlyOnce, id: 7)
    #expect(back.output.packets == [.pubrec(AcknowledgementPacket(packetIdentifier: 7))])
    back.send(.pubrel(AcknowledgementPacket(packetIdentifier: 7)))
    #expect(texts(publishes(reader)) == ["once"])
  }

  @Test(arguments: shards) func cleanStartEndsTheSession(first: Int, second: Int) {
    let broker = TestBroker(shards: 2)
    let client = connect(broker, shard: first)
    client.subscribe("a")
    client.lost()
    let fresh = connect(broker, shard: second, clean: true)
    #expect(sessionPresent(fresh) == false)
    broker.client("w").publish("a", "1", qos: .atLeastOnce, id: 1)
    #expect(publishes(fresh).isEmpty)
    #expect(broker.broker.statistics.subscriptions == 0)
    #expect(broker.broker.statistics.sessions == 2)
  }

  @Test func aSessionEndsWhenItsTimeIsOver() {
    let broker = TestBroker()
    let client = connect(broker, expiry: 10)
    client.subscribe("a")
    client.lost()
    broker.advance(milliseconds: 9_000)
    #expect(broker.broker.sessionCount == 1)
    broker.advance(milliseconds: 2_000)
    #expect(broker.broker.sessionCount == 0)
    #expect(broker.broker.statistics.sessionsExpired == 1)
    #expect(broker.broker.memory.stateBytes == 0)
    #expect(sessionPresent(connect(broker)) == false)
  }

  @Test func disconnectMayChangeTheExpiry() {
    let broker = TestBroker()
    let client = connect(broker, expiry: 10)
    client.send(.disconnect(DisconnectPacket(reasonCode: .success, properties: [.sessionExpiryInterval(100)])))
    broker.advance(milliseconds: 50_000)
    #expect(broker.broker.sessionCount == 1)
    let none = connect(broker, expiry: 0)
    #expect(sessionPresent(none) == true)
    none.send(.disconnect(DisconnectPacket(reasonCode: .success, properties: [.sessionExpiryInterval(5)])))
    #expect(none.output.packets.last == .disconnect(DisconnectPacket(reasonCode: .protocolError)))
    #expect(broker.broker.sessionCount == 0)
  }

  @Test func aLongerExpiryThanAllowedIsTold() {
    var limits = BrokerLimits()
    limits.maximumSessionExpiry = 60
    let client = connect(TestBroker(limits: limits), expiry: .max)
    guard case .connack(let connack) = client.output.packets.first else {
      Issue.record("no CONNACK")
      return
    }
    #expect(connack.properties.sessionExpiryInterval == 60)
  }

  @Test func sessionsHaveALimit() {
    var limits = BrokerLimits()
    limits.maximumSessions = 1
    let broker = TestBroker(limits: limits)
    connect(broker, "a").lost()
    let refused = connect(broker, "b")
    guard case .connack(let connack) = refused.output.packets.first else {
      Issue.record("no CONNACK")
      return
    }
    #expect(connack.reasonCode == .quotaExceeded)
    #expect(sessionPresent(connect(broker, "c", expiry: 0)) == false)
  }

  @Test func theQueueOfOneSessionHasLimits() {
    var limits = BrokerLimits()
    limits.sessionQueueMessages = 2
    let broker = TestBroker(limits: limits)
    let client = connect(broker)
    client.subscribe("a")
    client.lost()
    let writer = broker.client("w")
    for id in UInt16(1)...3 { writer.publish("a", "\(id)", qos: .atLeastOnce, id: id) }
    let codes = writer.output.takeAll().compactMap { if case .puback(let ack) = $0 { ack.reasonCode } else { nil } }
    #expect(codes == [.success, .success, .quotaExceeded])
    #expect(broker.broker.statistics.dropped.queueFull == 1)
    #expect(texts(publishes(connect(broker))) == ["1", "2"])
  }

  // MARK: Wills

  private func will(delay: UInt32) -> Will {
    Will(
      topic: "will", payload: Array("gone".utf8), qos: .atMostOnce, retain: false,
      properties: [.willDelayInterval(delay)])
  }

  @Test func aDelayedWillComesInItsTimeUnlessTheClientIsBack() {
    let broker = TestBroker()
    let reader = broker.client("reader")
    reader.subscribe("will")
    _ = reader.output.takeAll()
    connect(broker, will: will(delay: 10)).lost()
    broker.advance(milliseconds: 9_000)
    #expect(publishes(reader).isEmpty)
    let back = connect(broker, will: will(delay: 10))
    broker.advance(milliseconds: 5_000)
    #expect(publishes(reader).isEmpty)
    back.lost()
    broker.advance(milliseconds: 11_000)
    #expect(texts(publishes(reader)) == ["gone"])
  }

  @Test func theEndOfTheSessionBringsTheWill() {
    let broker = TestBroker()
    let reader = broker.client("reader")
    reader.subscribe("will")
    _ = reader.output.takeAll()
    connect(broker, "short", expiry: 5, will: will(delay: 100)).lost()
    broker.advance(milliseconds: 6_000)
    #expect(texts(publishes(reader)) == ["gone"])
    connect(broker, "cleaned", will: will(delay: 100)).lost()
    _ = connect(broker, "cleaned", clean: true)
    #expect(texts(publishes(reader)) == ["gone"])
  }

  @Test func whatIsDueHappensBeforeTheClientIsBackWhateverTheTicks() {
    let broker = TestBroker()
    let reader = broker.client("reader")
    reader.subscribe("will")
    _ = reader.output.takeAll()
    connect(broker, "expires", expiry: 5).lost()
    connect(broker, "wills", expiry: 100, will: will(delay: 5)).lost()
    broker.passTime(milliseconds: 6_000)
    #expect(sessionPresent(connect(broker, "expires")) == false)
    #expect(sessionPresent(connect(broker, "wills")) == true)
    #expect(texts(publishes(reader)) == ["gone"])
  }

  // MARK: Moves between event loops

  @Test func orderHoldsWhileASessionMoves() {
    let broker = TestBroker(shards: 3)
    let client = connect(broker, shard: 0)
    client.subscribe("a")
    client.lost()
    let writers = (0..<3).map { broker.client("w\($0)", shard: $0) }
    var sent = [Int](repeating: 0, count: 3)
    func write(_ index: Int) {
      sent[index] += 1
      writers[index].send(
        .publish(
          TestClient.publish("a", "\(index) \(sent[index])", qos: .atLeastOnce, id: UInt16(sent[index]))),
        drains: false)
    }
    let back = broker.open(shard: 1)
    let request = ConnectPacket(
      version: .v5, cleanStart: false, clientIdentifier: "s", properties: [.sessionExpiryInterval(100)])
    for index in 0..<3 { write(index) }
    back.send(.connect(request), drains: false)
    // One mailbox at a time, and everyone writes in between.
    for step in 0..<24 {
      for index in 0..<3 { write(index) }
      broker.shards[step % 3].drainMailbox(at: broker.time)
    }
    broker.run()
    #expect(sessionPresent(back) == true)
    let got = texts(publishes(back))
    #expect(got.count == 75)
    for index in 0..<3 {
      let own = got.filter { $0.hasPrefix("\(index) ") }
      #expect(own == (1...25).map { "\(index) \($0)" })
    }
  }

  // MARK: Shared subscriptions

  private func acknowledge(_ client: TestClient, _ publishes: [PublishPacket]) {
    for publish in publishes { client.send(.puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier))) }
  }

  @Test(arguments: [0, 1]) func aGroupSharesInTurns(otherShard: Int) {
    let broker = TestBroker(shards: 2)
    let members = [broker.client("m0", shard: 0), broker.client("m1", shard: otherShard)]
    for member in members {
      member.subscribe("$share/g/a/+")
      _ = member.output.takeAll()
    }
    let writer = broker.client("w")
    for index in 0..<10 { writer.publish("a/x", "\(index)") }
    let got = members.map { texts(publishes($0)) }
    #expect(got.map(\.count) == [5, 5])
    #expect(Set(got.joined()).count == 10)
  }

  @Test(arguments: [0, 1]) func whatAMemberLeavesGoesToAnother(otherShard: Int) {
    let broker = TestBroker(shards: 2)
    let members = [broker.client("m0", shard: 0), broker.client("m1", shard: otherShard)]
    for member in members {
      member.subscribe("$share/g/a", qos: .atLeastOnce)
      _ = member.output.takeAll()
    }
    let writer = broker.client("w")
    for id in UInt16(1)...6 { writer.publish("a", "\(id)", qos: .atLeastOnce, id: id) }
    let mine = publishes(members[1])
    #expect(mine.count == 3)
    members[0].lost()
    let inherited = publishes(members[1])
    #expect(inherited.count == 3)
    #expect(Set(texts(mine) + texts(inherited)).count == 6)
  }

  @Test func anAbsentGroupKeepsItsMessagesForWhoeverComes() {
    let broker = TestBroker()
    for name in ["p0", "p1"] {
      let member = connect(broker, name)
      member.subscribe("$share/g/a", qos: .atLeastOnce)
      member.lost()
    }
    let writer = broker.client("w")
    for id in UInt16(1)...4 { writer.publish("a", "\(id)", qos: .atLeastOnce, id: id) }
    let back = connect(broker, "p1")
    #expect(Set(texts(publishes(back))) == ["1", "2", "3", "4"])
  }

  // MARK: Topic aliases

  @Test func aliasesStandForTopics() {
    let broker = TestBroker()
    let reader = connect(broker, "reader", properties: [.topicAliasMaximum(1)])
    reader.subscribe("#")
    _ = reader.output.takeAll()
    let writer = broker.client("w")
    writer.publish("long/topic", "1", properties: [.topicAlias(3), .contentType("x")])
    writer.publish("", "2", properties: [.topicAlias(3)])
    writer.publish("other", "3", properties: [.topicAlias(3)])
    writer.publish("", "4", properties: [.topicAlias(3)])
    let got = publishes(reader)
    #expect(got.map { String(decoding: $0.topic, as: UTF8.self) } == ["long/topic", "", "other", "other"])
    #expect(got.map(\.properties.topicAlias) == [1, 1, nil, nil])
    #expect(got[0].properties.contentType == "x")
    writer.publish("", "5", properties: [.topicAlias(4)])
    #expect(writer.output.packets == [.disconnect(DisconnectPacket(reasonCode: .protocolError))])
  }

  @Test func aReplyPrefixIsGivenToWhoAsks() {
    let broker = TestBroker()
    let asks = connect(broker, "a/+ b", properties: [.requestResponseInformation(1)])
    guard case .connack(let connack) = asks.output.packets.first else {
      Issue.record("no CONNACK")
      return
    }
    #expect(connack.properties.responseInformation == "v1/replies/a%2F%2B%20b")
  }
}

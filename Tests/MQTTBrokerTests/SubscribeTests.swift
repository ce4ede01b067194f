import MQTTProtocol
import Synchronization
import Testing

@testable import MQTTBroker

@Suite struct SubscribeTests {
  @Test func retainedMessagesComeWithTheSubscription() {
    let broker = TestBroker()
    let writer = broker.client("w")
    writer.publish("home/a", "1", retain: true)
    writer.publish("home/b", "2", retain: true)
    writer.publish("home/b", "", retain: true)
    writer.publish("$x/a", "3", retain: true)
    let reader = broker.client("r")
    #expect(reader.subscribe("+/+") == [.grantedQoS2])
    guard case .suback? = reader.output.packets.first, case .publish(let publish)? = reader.output.packets.last else {
      Issue.record("expected SUBACK and PUBLISH, got \(reader.output.packets)")
      return
    }
    #expect(reader.output.packets.count == 2)
    #expect(publish.retain && publish.topic == Array("home/a".utf8))
    #expect(broker.broker.retainedUsage.count == 1)
  }

  /// More than the in-flight window and the queue's count of messages take: all come, as the client acknowledges.
  @Test func aWideFilterBringsEveryRetainedMessage() {
    var limits = BrokerLimits()
    limits.sessionQueueMessages = 5
    let broker = TestBroker(limits: limits)
    let writer = broker.client("w")
    for number in 0..<200 { writer.publish("r/\(number)", "x", qos: .atLeastOnce, retain: true, id: 1) }
    let reader = broker.client("r", properties: [.receiveMaximum(10)])
    reader.subscribe("r/#", "r/#", qos: .atLeastOnce)
    var topics: Set<String> = []
    for _ in 0..<40 {
      for packet in reader.output.takeAll() {
        guard case .publish(let publish) = packet else { continue }
        topics.insert(String(decoding: publish.topic, as: UTF8.self))
        reader.send(.puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
      }
    }
    #expect(topics.count == 200)
    broker.advance(milliseconds: 1_000)
    #expect(broker.broker.memory.queuedBytes == 0)
  }

  @Test func rememberedRoutesHaveABudgetAndStayRight() {
    var limits = BrokerLimits()
    limits.maximumCachedRouteTargets = 4
    let broker = TestBroker(limits: limits)
    let readers = (0..<3).map { broker.client("reader\($0)") }
    for reader in readers { reader.subscribe("#") }
    for reader in readers { _ = reader.output.takeAll() }
    let writer = broker.client("w")
    for _ in 0..<2 { for topic in ["a", "b", "c"] { writer.publish(topic, "1") } }
    for reader in readers { #expect(reader.takeMessages() == ["a 1", "b 1", "c 1", "a 1", "b 1", "c 1"]) }
    #expect(broker.shards[0].routeBudget.taken <= 4)
  }

  @Test(arguments: [(RetainHandling.sendAtSubscribe, [1, 1]), (.sendIfNew, [1, 0]), (.doNotSend, [0, 0])])
  func retainHandling(handling: RetainHandling, expected: [Int]) {
    let broker = TestBroker()
    broker.client("w").publish("a", "1", retain: true)
    let reader = broker.client("r")
    for count in expected {
      reader.send(
        .subscribe(
          SubscribePacket(
            packetIdentifier: 1,
            subscriptions: [Subscription(filter: "a", qos: .atMostOnce, retainHandling: handling)])))
      #expect(reader.takeMessages().count == count)
    }
  }

  @Test func optionsOfASubscription() {
    let broker = TestBroker()
    let client = broker.client("c")
    client.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1,
          subscriptions: [Subscription(filter: "own/#", qos: .atMostOnce, noLocal: true)])))
    client.send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 2,
          subscriptions: [Subscription(filter: "kept/#", qos: .atMostOnce, retainAsPublished: true)],
          properties: [.subscriptionIdentifier(42)])))
    _ = client.output.takeAll()
    client.publish("own/x", "1")
    #expect(client.takeMessages().isEmpty)
    let other = broker.client("o")
    other.publish("own/x", "2")
    other.publish("kept/x", "3", retain: true)
    let packets = client.output.takeAll().compactMap { packet -> PublishPacket? in
      if case .publish(let publish) = packet { return publish }
      return nil
    }
    #expect(packets.map(\.retain) == [false, true])
    #expect(packets.last?.properties.subscriptionIdentifiers == [42])
  }

  @Test func overlappingSubscriptionsBringOneCopyWithAllIdentifiers() {
    let broker = TestBroker()
    let client = broker.client("c")
    client.subscribe("a/#", qos: .atMostOnce, properties: [.subscriptionIdentifier(1)])
    client.subscribe("a/b", qos: .atLeastOnce, properties: [.subscriptionIdentifier(2)])
    _ = client.output.takeAll()
    broker.client("w").publish("a/b", "x", qos: .exactlyOnce, id: 1)
    guard case .publish(let publish)? = client.output.packets.first, client.output.packets.count == 1 else {
      Issue.record("expected one PUBLISH, got \(client.output.packets)")
      return
    }
    #expect(publish.qos == .atLeastOnce)
    #expect(Set(publish.properties.subscriptionIdentifiers) == [1, 2])
  }

  @Test func unsubscribingEnds() {
    let broker = TestBroker()
    let client = broker.client("c")
    client.subscribe("a", "b")
    _ = client.output.takeAll()
    client.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 3, filters: ["a", "never"])))
    #expect(
      client.output.takeAll() == [
        .unsuback(SubackPacket(packetIdentifier: 3, reasonCodes: [.success, .noSubscriptionExisted]))
      ])
    let writer = broker.client("w")
    writer.publish("a", "1")
    writer.publish("b", "2")
    #expect(client.takeMessages() == ["b 2"])
    #expect(broker.broker.statistics.subscriptions == 1)
  }

  @Test(arguments: [(ProtocolVersion.v5, [UInt8(0x87), 0x8F, 0x00]), (.v3_1_1, [0x80, 0x80, 0x00])])
  func refusalsAreToldForEachFilter(version: ProtocolVersion, codes: [UInt8]) {
    let client = TestBroker().client("c", version: version)
    let reasons = client.subscribe("v1/devices/x/nonsense", String(repeating: "a/", count: 200), "ok", qos: .atMostOnce)
    #expect(reasons.map(\.rawValue) == codes)
  }

  @Test func limitsHold() {
    var limits = BrokerLimits()
    limits.maximumSubscriptionsPerClient = 2
    limits.maximumRetainedMessages = 1
    limits.maximumTopicLevels = 3
    let broker = TestBroker(limits: limits)
    let client = broker.client("c")
    let reasons = client.subscribe("a", "b", "c", "a", "a/b/c/d")
    #expect(reasons == [.grantedQoS2, .grantedQoS2, .quotaExceeded, .grantedQoS2, .topicFilterInvalid])
    _ = client.output.takeAll()
    client.publish("one", "1", qos: .atLeastOnce, retain: true, id: 1)
    client.publish("two", "1", qos: .atLeastOnce, retain: true, id: 2)
    client.publish("one", "2", qos: .atLeastOnce, retain: true, id: 3)
    let codes = client.output.takeAll().compactMap { packet -> ReasonCode? in
      if case .puback(let puback) = packet { return puback.reasonCode }
      return nil
    }
    #expect(codes == [.success, .quotaExceeded, .success])
  }
}

@Suite struct SlowReaderTests {
  private func limits() -> BrokerLimits {
    var limits = BrokerLimits()
    limits.connectionOutputBytes = 100
    limits.sessionQueueMessages = 3
    return limits
  }

  @Test func whatASlowReaderCannotTakeIsDroppedOrQueuedWithinBounds() {
    let broker = TestBroker(limits: limits())
    let reader = broker.client("slow")
    reader.subscribe("q/#")
    _ = reader.output.takeAll()
    reader.output.takesOutput = false
    let writer = broker.client("w")
    for number in 0..<20 { writer.publish("q/0", "\(number)") }
    let sentBefore = reader.takeMessages().count
    #expect(sentBefore < 20)
    for number in 0..<10 { writer.publish("q/1", "\(number)", qos: .atLeastOnce, id: 1) }
    #expect(reader.output.packets.isEmpty)
    #expect(broker.broker.statistics.messagesDropped == (20 - sentBefore) + 7)
    #expect(broker.broker.memory.queuedBytes > 0)

    // The socket takes bytes again: what was queued comes, in order.
    reader.output.takesOutput = true
    reader.output.pendingBytes = 0
    broker.shards[0].outputDrained(reader.connection, at: broker.time)
    #expect(reader.takeMessages() == ["q/1 0", "q/1 1", "q/1 2"])
    #expect(broker.broker.memory.queuedBytes == 0)
  }

  @Test func theClientsReceiveMaximumHolds() {
    let broker = TestBroker()
    let reader = broker.client("r", properties: [.receiveMaximum(2)])
    reader.subscribe("a", qos: .atLeastOnce)
    _ = reader.output.takeAll()
    let writer = broker.client("w")
    for number in 0..<5 { writer.publish("a", "\(number)", qos: .atLeastOnce, id: 1) }
    var seen: [String] = []
    for _ in 0..<5 {
      let identifiers = reader.output.packets.compactMap { packet -> UInt16? in
        if case .publish(let publish) = packet { return publish.packetIdentifier }
        return nil
      }
      #expect(identifiers.count <= 2)
      seen += reader.takeMessages()
      for identifier in identifiers { reader.send(.puback(AcknowledgementPacket(packetIdentifier: identifier))) }
    }
    #expect(seen == (0..<5).map { "a \($0)" })
  }

  @Test func aPacketTooLargeForTheClientIsNotSent() {
    let broker = TestBroker()
    let reader = broker.client("r", properties: [.maximumPacketSize(20)])
    reader.subscribe("a")
    _ = reader.output.takeAll()
    let writer = broker.client("w")
    writer.publish("a", String(repeating: "x", count: 30))
    writer.publish("a", "short")
    #expect(reader.takeMessages() == ["a short"])
  }

  @Test func aMessageThatExpiresWhileQueuedIsNotSent() {
    let broker = TestBroker()
    let reader = broker.client("r", properties: [.receiveMaximum(1)])
    reader.subscribe("a", qos: .atLeastOnce)
    _ = reader.output.takeAll()
    let writer = broker.client("w")
    writer.publish("a", "first", qos: .atLeastOnce, id: 1)
    writer.publish("a", "expires", qos: .atLeastOnce, id: 2, properties: [.messageExpiryInterval(1)])
    writer.publish("a", "stays", qos: .atLeastOnce, id: 3, properties: [.messageExpiryInterval(100)])
    broker.advance(milliseconds: 10_000)
    guard case .publish(let first)? = reader.output.takeAll().first else {
      Issue.record("nothing came")
      return
    }
    reader.send(.puback(AcknowledgementPacket(packetIdentifier: first.packetIdentifier)))
    guard case .publish(let next)? = reader.output.packets.first else {
      Issue.record("nothing came")
      return
    }
    #expect(next.payload == Array("stays".utf8))
    #expect(next.properties.messageExpiryInterval == 90)
  }
}

@Suite struct DeliveryReceiptTests {
  private final class Outcomes: Sendable {
    let values = Mutex<[String]>([])
    func note(_ outcome: DeliveryReceipt.Outcome) { values.withLock { $0.append("\(outcome)") } }
  }

  private func command(_ outcomes: Outcomes) -> HubPublish {
    HubPublish(
      topic: Array("v1/devices/d/commands".utf8), payload: [1],
      receipt: DeliveryReceipt(addressee: .exactSubscribers, subjects: ["1"]) { outcome, _ in outcomes.note(outcome) })
  }

  @Test func aDeviceThatAcknowledgesHasIt() {
    let outcomes = Outcomes()
    let broker = TestBroker(shards: 2)
    let device = broker.client("d", shard: 1)
    device.subscribe("v1/devices/d/commands", qos: .atLeastOnce)
    _ = device.output.takeAll()
    broker.broker.publish(command(outcomes))
    broker.run()
    guard case .publish(let publish)? = device.output.packets.first else {
      Issue.record("nothing came")
      return
    }
    #expect(outcomes.values.withLock { $0 }.isEmpty)
    device.send(.puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
    #expect(outcomes.values.withLock { $0 } == ["delivered"])
  }

  @Test func whatNobodyWasThereForHasNotLeft() {
    let outcomes = Outcomes()
    let broker = TestBroker(shards: 2)
    let watcher = broker.client("watcher")
    watcher.subscribe("v1/devices/+/commands")
    _ = watcher.output.takeAll()
    broker.broker.publish(command(outcomes))
    broker.run()
    #expect(watcher.takeMessages().count == 1, "whoever watches sees it")
    #expect(outcomes.values.withLock { $0 } == ["notDelivered"], "but a watcher is not the device")
  }

  @Test func whatWasWrittenIsNeverSaidToHaveStayed() {
    let outcomes = Outcomes()
    let broker = TestBroker()
    let device = broker.client("d")
    device.subscribe("v1/devices/d/commands", qos: .atLeastOnce)
    broker.broker.publish(command(outcomes))
    broker.run()
    device.lost()
    #expect(outcomes.values.withLock { $0 }.isEmpty)
  }

  @Test func whatWaitedInAQueueThatEndedHasNotLeft() {
    let outcomes = Outcomes()
    let broker = TestBroker()
    let device = broker.client("d", properties: [.receiveMaximum(1)])
    device.subscribe("v1/devices/d/commands", "a", qos: .atLeastOnce)
    broker.client("w").publish("a", "fills the window", qos: .atLeastOnce, id: 1)
    broker.broker.publish(command(outcomes))
    broker.run()
    #expect(outcomes.values.withLock { $0 }.isEmpty)
    device.lost()
    #expect(outcomes.values.withLock { $0 } == ["notDelivered"])
  }
}

@Suite struct ClientMemoryTests {
  @Test func subscriptionsAndWillsOfAllClientsHaveOneLimit() {
    var limits = BrokerLimits()
    limits.totalStateBytes = 4_700
    let broker = TestBroker(limits: limits)
    let first = broker.client("first")
    #expect(first.subscribe("a", "b", "c", "d") == [.grantedQoS2, .grantedQoS2, .grantedQoS2, .quotaExceeded])
    let will = Will(topic: "w", payload: Array(repeating: 1, count: 3_500), qos: .atMostOnce, retain: false)
    let second = broker.open()
    second.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "second", will: will)))
    #expect(second.output.packets == [.connack(ConnackPacket(sessionPresent: false, reasonCode: .quotaExceeded))])
    // What a client held is free again when it has gone.
    first.lost()
    #expect(broker.broker.memory.stateBytes == 0)
    let third = broker.open()
    third.send(.connect(ConnectPacket(version: .v5, clientIdentifier: "third", will: will)))
    #expect(broker.broker.memory.stateBytes == 3_501)
    third.lost()
    #expect(broker.broker.memory.stateBytes == 0)
  }

  @Test func slowClientsTogetherHaveOneLimit() {
    var limits = BrokerLimits()
    limits.totalOutputBytes = 2_000
    let broker = TestBroker(limits: limits)
    let readers = (0..<10).map { number -> TestClient in
      let reader = broker.client("reader\(number)", properties: [.receiveMaximum(1)])
      reader.subscribe("a", qos: .atLeastOnce)
      return reader
    }
    let writer = broker.client("writer")
    for _ in 0..<10 { writer.publish("a", String(repeating: "x", count: 100), qos: .atLeastOnce, id: 1) }
    #expect(broker.broker.memory.queuedBytes <= 2_000)
    #expect(broker.broker.memory.queuedBytes > 1_000)
    #expect(broker.broker.statistics.messagesDropped > 0)
    for reader in readers { reader.lost() }
    #expect(broker.broker.memory.queuedBytes == 0)
  }
}

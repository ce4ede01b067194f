import MQTTProtocol
import Testing

/// What goes with a session from one connection to the next, on the same event loop and on another.
@Suite("MQTT 3.1.1: the hand-over of sessions")
struct SessionHandOver311Tests {
  /// How the former connection ends.
  enum End: CaseIterable, Sendable {
    case disconnect, loss, takeOver
  }

  private static func next(after former: VirtualClient, _ end: End, on hub: VirtualHub, shard: Int) -> VirtualClient {
    switch end {
    case .disconnect: former.disconnect()
    case .loss: former.lose()
    case .takeOver: break
    }
    return hub.connect("name", version: .v3_1_1, shard: shard, clean: false)
  }

  @Test(
    """
    3.1.1 [MQTT-3.1.2-4] [MQTT-3.2.2-2] [MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-2.3.1-4] [MQTT-4.6.0-1] what is in flight \
    to the client goes with it
    """, arguments: End.allCases, [0, 1])
  func outgoing(end: End, shard: Int) throws {
    let hub = VirtualHub(shards: 2)
    let former = hub.connect("name", version: .v3_1_1, clean: false)
    try former.subscribe("topic")
    let publisher = hub.connect("other", version: .v3_1_1, shard: 1)
    for (text, qos) in [("a", QoS.atLeastOnce), ("b", .exactlyOnce), ("c", .exactlyOnce), ("d", .atLeastOnce)] {
      publisher.publish("topic", text, qos: qos)
    }
    let sent = former.takeMessages()
    #expect(sent.map(\.text) == ["a", "b", "c", "d"])
    guard sent.count == 4 else { return }
    former.send(.pubrec(AcknowledgementPacket(packetIdentifier: sent[2].packetIdentifier)))
    #expect(former.take().map(\.type) == [.pubrel])
    let next = Self.next(after: former, end, on: hub, shard: shard)
    #expect(former.isClosed)
    #expect(next.connack?.sessionPresent == true)
    let again = next.take()
    let messages = again.compactMap(\.message)
    #expect(messages.map(\.text) == ["a", "b", "d"])
    #expect(messages.map(\.packetIdentifier) == [0, 1, 3].map { sent[$0].packetIdentifier })
    #expect(messages.allSatisfy { $0.duplicate })
    #expect(
      again.filter { $0.type == .pubrel }
        == [.pubrel(AcknowledgementPacket(packetIdentifier: sent[2].packetIdentifier))])
    #expect(again.count == 4)
    publisher.publish("topic", "e", qos: .atLeastOnce)
    let fresh = next.takeMessages()
    #expect(fresh.map(\.text) == ["e"])
    #expect(fresh.allSatisfy { !$0.duplicate && !sent.map(\.packetIdentifier).contains($0.packetIdentifier) })
  }

  @Test(
    "3.1.1 [MQTT-3.1.2-4] [MQTT-4.3.3-2] what is in flight from the client goes with it", arguments: End.allCases,
    [0, 1])
  func incoming(end: End, shard: Int) throws {
    let hub = VirtualHub(shards: 2)
    let watcher = hub.connect("watcher", version: .v3_1_1)
    try watcher.subscribe("topic", qos: .atMostOnce)
    let former = hub.connect("name", version: .v3_1_1, clean: false)
    former.send(.publish(.make("topic", "once", qos: .exactlyOnce, id: 9)))
    #expect(former.take().map(\.type) == [.pubrec])
    let next = Self.next(after: former, end, on: hub, shard: shard)
    next.send(.publish(.make("topic", "once", qos: .exactlyOnce, duplicate: true, id: 9)))
    next.send(.pubrel(AcknowledgementPacket(packetIdentifier: 9)))
    #expect(next.take().map(\.type) == [.pubrec, .pubcomp])
    next.send(.publish(.make("topic", "again", qos: .exactlyOnce, id: 9)))
    #expect(watcher.takeTexts() == ["once", "again"])
  }

  @Test(
    "3.1.1 [MQTT-3.1.2-4] [MQTT-3.8.4-3] [MQTT-3.10.4-2] subscriptions go with it as they were left",
    arguments: End.allCases, [0, 1])
  func subscriptions(end: End, shard: Int) throws {
    let hub = VirtualHub(shards: 2)
    let former = hub.connect("name", version: .v3_1_1, clean: false)
    for (filter, qos) in [
      ("low", QoS.atMostOnce), ("changed", .exactlyOnce), ("changed", .atLeastOnce), ("gone", .atLeastOnce),
    ] {
      try former.subscribe(filter, qos: qos)
    }
    former.send(.unsubscribe(UnsubscribePacket(packetIdentifier: 99, filters: ["gone"])))
    let next = Self.next(after: former, end, on: hub, shard: shard)
    let publisher = hub.connect("other", version: .v3_1_1, shard: 1)
    for topic in ["low", "changed", "gone"] { publisher.publish(topic, qos: .exactlyOnce) }
    let messages = next.takeMessages()
    #expect(messages.map(\.topicText) == ["low", "changed"])
    #expect(messages.map(\.qos) == [.atMostOnce, .atLeastOnce])
  }

  @Test(
    "3.1.1 [MQTT-3.3.1-6] [MQTT-3.1.2-4] a session that goes on gets no retained message again",
    arguments: End.allCases, [0, 1])
  func retained(end: End, shard: Int) throws {
    let hub = VirtualHub(shards: 2)
    hub.connect("other", version: .v3_1_1).publish("topic", "kept", qos: .atLeastOnce, retain: true)
    let former = hub.connect("name", version: .v3_1_1, clean: false)
    try former.subscribe("topic", qos: .atMostOnce)
    #expect(former.takeTexts() == ["kept"])
    #expect(Self.next(after: former, end, on: hub, shard: shard).take().isEmpty)
  }

  @Test(
    "3.1.1 [MQTT-3.1.2-6] [MQTT-3.2.2-1] [MQTT-4.3.3-2] a clean session takes nothing over", arguments: End.allCases,
    [0, 1])
  func clean(end: End, shard: Int) throws {
    let hub = VirtualHub(shards: 2)
    let former = hub.connect("name", version: .v3_1_1, clean: false)
    try former.subscribe("topic")
    let publisher = hub.connect("other", version: .v3_1_1, shard: 1)
    publisher.publish("topic", qos: .exactlyOnce)
    former.send(.publish(.make("elsewhere", "a", qos: .exactlyOnce, id: 9)))
    switch end {
    case .disconnect: former.disconnect()
    case .loss: former.lose()
    case .takeOver: break
    }
    let next = hub.connect("name", version: .v3_1_1, shard: shard, clean: true)
    #expect(former.isClosed)
    #expect(next.connack?.sessionPresent == false)
    publisher.publish("topic", qos: .exactlyOnce)
    #expect(next.take().isEmpty)
    // The identifier is not in use any more, so that this is a message of its own.
    try publisher.subscribe("elsewhere", qos: .atMostOnce)
    next.send(.publish(.make("elsewhere", "b", qos: .exactlyOnce, id: 9)))
    #expect(publisher.takeTexts() == ["b"])
  }
}

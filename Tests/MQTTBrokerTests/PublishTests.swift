import MQTTProtocol
import MQTTTestSupport
import Testing

@testable import MQTTBroker

@Suite struct PublishTests {
  private func acknowledgements(_ client: TestClient) -> [ControlPacket] {
    client.output.takeAll().filter {
      switch $0 {
      case .puback, .pubrec, .pubrel, .pubcomp: true
      default: false
      }
    }
  }

  @Test(arguments: QoS.allCases, QoS.allCases) func goesToSubscribersAtTheLowerQoS(published: QoS, subscribed: QoS) {
    for shard in [0, 1] {
      let broker = TestBroker(shards: 2)
      let reader = broker.client("reader", shard: shard)
      reader.subscribe("a/+", qos: subscribed)
      _ = reader.output.takeAll()
      broker.client("writer").publish("a/b", "hello", qos: published, id: published == .atMostOnce ? 0 : 7)
      guard case .publish(let received)? = reader.output.packets.first else {
        Issue.record("nothing came")
        return
      }
      #expect(received.qos == min(published, subscribed))
      #expect(received.payload == Array("hello".utf8))
      #expect(!received.retain)
      #expect(reader.output.packets.count == 1)
    }
  }

  @Test func acknowledgementsKeepTheOrderOfPublishes() {
    let writer = TestBroker().client("writer", version: .v3_1_1)
    writer.send(together: [
      .publish(TestClient.publish("a", "1", qos: .atLeastOnce, id: 1)),
      .publish(TestClient.publish("a", "2", qos: .exactlyOnce, id: 2)),
      .publish(TestClient.publish("a", "3", qos: .atLeastOnce, id: 3)),
    ])
    #expect(
      writer.output.packets == [
        .puback(AcknowledgementPacket(packetIdentifier: 1)), .pubrec(AcknowledgementPacket(packetIdentifier: 2)),
        .puback(AcknowledgementPacket(packetIdentifier: 3)),
      ])
    #expect(writer.output.flushes <= 3)
  }

  @Test func exactlyOnceIsDeliveredOnce() {
    let broker = TestBroker()
    let reader = broker.client("reader")
    reader.subscribe("a")
    _ = reader.output.takeAll()
    let writer = broker.client("writer")
    for _ in 0..<3 { writer.publish("a", "x", qos: .exactlyOnce, id: 9) }
    writer.send(.pubrel(AcknowledgementPacket(packetIdentifier: 9)))
    writer.send(.pubrel(AcknowledgementPacket(packetIdentifier: 9)))
    #expect(reader.takeMessages() == ["a x"])
    let codes = acknowledgements(writer).compactMap { packet -> UInt8? in
      if case .pubcomp(let pubcomp) = packet { return pubcomp.reasonCode.rawValue }
      return nil
    }
    #expect(codes == [0, 0x92])
    // The identifier is free again: a new message.
    writer.publish("a", "y", qos: .exactlyOnce, id: 9)
    #expect(reader.takeMessages() == ["a y"])
  }

  @Test func acknowledgementsWaitForTheCommit() {
    let queue = ManualCommitQueue()
    let broker = TestBroker(commitQueue: queue)
    broker.sink.isDurable = true
    let reader = broker.client("reader")
    reader.subscribe("#")
    _ = reader.output.takeAll()
    let writer = broker.client("writer")
    writer.publish("v1/devices/w/telemetry", "1", qos: .atLeastOnce, id: 1)
    writer.publish("v1/devices/w/telemetry", "2", qos: .exactlyOnce, id: 2)
    writer.publish("plain", "3", qos: .atLeastOnce, id: 3)
    #expect(writer.output.packets.isEmpty, "nothing is acknowledged before its commit")
    // QoS 1 went out at once, QoS 2 waits for its commit.
    #expect(reader.takeMessages() == ["v1/devices/w/telemetry 1", "plain 3"])

    queue.commit(1)
    broker.run()
    #expect(acknowledgements(writer) == [.puback(AcknowledgementPacket(packetIdentifier: 1))])
    #expect(reader.takeMessages().isEmpty)

    queue.commit()
    broker.run()
    #expect(
      acknowledgements(writer) == [
        .pubrec(AcknowledgementPacket(packetIdentifier: 2)), .puback(AcknowledgementPacket(packetIdentifier: 3)),
      ])
    #expect(reader.takeMessages() == ["v1/devices/w/telemetry 2"])
  }

  @Test func aRetainedMessageBeyondTheLimitIsRefusedAtEveryQoS() {
    var limits = BrokerLimits()
    limits.maximumRetainedMessages = 0
    let broker = TestBroker(limits: limits)
    let reader = broker.client("reader")
    reader.subscribe("#")
    _ = reader.output.takeAll()
    let writer = broker.client("writer")
    for qos in [QoS.atLeastOnce, .exactlyOnce] {
      writer.publish("a", "x", qos: qos, retain: true, id: 1)
      let codes = writer.output.takeAll().map { packet -> ReasonCode? in
        switch packet {
        case .puback(let answer), .pubrec(let answer): answer.reasonCode
        default: nil
        }
      }
      #expect(codes == [.quotaExceeded])
    }
    #expect(reader.takeMessages().isEmpty)
  }

  @Test func aRefusedPublishIsToldInMQTT5AndSwallowedIn311() {
    let broker = TestBroker()
    let reader = broker.client("reader")
    reader.subscribe("#")
    _ = reader.output.takeAll()
    for (version, code) in [(ProtocolVersion.v5, UInt8(0x87)), (.v3_1_1, 0)] {
      let writer = broker.client("w", version: version)
      writer.publish("v1/devices/w/presence", "online", qos: .atLeastOnce, id: 1)
      guard case .puback(let puback)? = writer.output.takeAll().first else {
        Issue.record("no PUBACK")
        return
      }
      #expect(puback.reasonCode.rawValue == code)
      writer.publish("v1/devices/w/presence", "online", qos: .exactlyOnce, id: 2)
      guard case .pubrec(let pubrec)? = writer.output.takeAll().first else {
        Issue.record("no PUBREC")
        return
      }
      #expect(pubrec.reasonCode.rawValue == code)
      #expect(!writer.output.isClosed)
    }
    #expect(reader.takeMessages().isEmpty)
    #expect(broker.broker.statistics.publishesRefused == 4)
  }

  @Test func whatTheSinkRefusesGoesNoFurther() {
    let broker = TestBroker()
    broker.sink.answer = PublishAnswer(.payloadFormatInvalid, "invalid JSON at byte 3")
    let reader = broker.client("reader")
    reader.subscribe("#")
    _ = reader.output.takeAll()
    let writer = broker.client("writer")
    writer.publish("v1/devices/w/telemetry", "{x", qos: .atLeastOnce, id: 1)
    #expect(
      writer.output.packets == [
        .puback(
          AcknowledgementPacket(
            packetIdentifier: 1, reasonCode: .payloadFormatInvalid,
            properties: [.reasonString("invalid JSON at byte 3")]))
      ])
    #expect(reader.takeMessages().isEmpty)
  }

  @Test func meIsTheClientIdentifierBothWays() {
    let broker = TestBroker()
    let device = broker.client("kitchen")
    #expect(device.subscribe("v1/devices/me/commands") == [.grantedQoS2])
    _ = device.output.takeAll()
    device.publish("v1/devices/me/telemetry", "1")
    #expect(broker.sink.events.contains("received v1/devices/kitchen/telemetry 1"))
    #expect(broker.sink.events.contains("subscribed kitchen kitchen/commands"))
    broker.broker.publish(HubPublish(topic: Array("v1/devices/kitchen/commands".utf8), payload: [49]))
    broker.run()
    #expect(device.takeMessages() == ["v1/devices/me/commands 1"])

    // A client whose name is no device's has no `me`.
    let nameless = broker.client("not a device")
    #expect(nameless.subscribe("v1/devices/me/commands") == [.notAuthorized])
    _ = nameless.output.takeAll()
    nameless.publish("v1/devices/me/telemetry", "1", qos: .atLeastOnce, id: 1)
    guard case .puback(let puback)? = nameless.output.packets.first else {
      Issue.record("no PUBACK")
      return
    }
    #expect(puback.reasonCode == .notAuthorized)
  }

  @Test func theLastTopicIsNotMistakenForAnother() {
    let broker = TestBroker()
    let writer = broker.client("w")
    for device in ["aa", "ab", "aa", "b", "ab"] { writer.publish("v1/devices/\(device)/telemetry", device) }
    #expect(
      broker.sink.events.filter { $0.hasPrefix("received") } == [
        "received v1/devices/aa/telemetry aa", "received v1/devices/ab/telemetry ab",
        "received v1/devices/aa/telemetry aa", "received v1/devices/b/telemetry b",
        "received v1/devices/ab/telemetry ab",
      ])
  }

  @Test func aTopicAliasThatWasNotGrantedEndsTheConnection() {
    let writer = TestBroker().client("w")
    writer.publish("a", "1", properties: [.topicAlias(17)])
    #expect(writer.output.packets == [.disconnect(DisconnectPacket(reasonCode: .topicAliasInvalid))])
  }
}

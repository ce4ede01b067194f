import MQTTProtocol
import Testing

/// QoS 2: what is sent again is not delivered again.
@Suite struct ExactlyOnceTests {
  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func deliversOnceWhatIsPublishedTwice(version: ProtocolVersion) throws {
    try withHub { hub in
      let subscriber = try MQTTPeer.connected(hub.mqttPort, "subscriber")
      try subscriber.subscribe("once", qos: .atLeastOnce)
      let publisher = try MQTTPeer.connected(hub.mqttPort, version: version, "publisher")
      for round in 0..<3 {
        // The same identifier is free again after PUBCOMP.
        for attempt in 0..<3 {
          publisher.send(
            .publish(
              PublishPacket(
                topic: Array("once".utf8), payload: Array("round \(round)".utf8), qos: .exactlyOnce,
                duplicate: attempt > 0, packetIdentifier: 5)))
          let pubrec = try publisher.expect("PUBREC") { if case .pubrec(let pubrec) = $0 { pubrec } else { nil } }
          #expect(pubrec == AcknowledgementPacket(packetIdentifier: 5))
        }
        for _ in 0..<2 {
          publisher.send(.pubrel(AcknowledgementPacket(packetIdentifier: 5)))
          _ = try publisher.expect("PUBCOMP") { if case .pubcomp(let pubcomp) = $0 { pubcomp } else { nil } }
        }
        #expect(try subscriber.message().text == "round \(round)")
        try subscriber.ping()
      }
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func finishesTheExchangeWithTheSubscriber(version: ProtocolVersion) throws {
    try withHub { hub in
      let subscriber = try MQTTPeer.connected(hub.mqttPort, version: version, "subscriber")
      #expect(try subscriber.subscribe("once", qos: .exactlyOnce) == .grantedQoS2)
      #expect(try hub.mosquittoPublish("-q", "2", "-t", "once", "-m", "hello").ending == .exit(0))
      let publish = try subscriber.message()
      #expect(publish.qos == .exactlyOnce && !publish.duplicate && publish.packetIdentifier != 0)
      let acknowledgement = AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)
      subscriber.send(.pubrec(acknowledgement))
      let pubrel = try subscriber.expect("PUBREL") { if case .pubrel(let pubrel) = $0 { pubrel } else { nil } }
      #expect(pubrel == acknowledgement)
      subscriber.send(.pubcomp(acknowledgement))
      try subscriber.ping()
      // An acknowledgement of nothing is no reason to hang up.
      subscriber.send(.puback(AcknowledgementPacket(packetIdentifier: 999)))
      subscriber.send(.pubcomp(AcknowledgementPacket(packetIdentifier: 999)))
      try subscriber.ping()
    }
  }
}

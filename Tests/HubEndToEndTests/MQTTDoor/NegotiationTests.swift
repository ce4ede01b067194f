import DeviceAgentKit
import MQTTProtocol
import Testing

/// What client and hub agree on, and what follows from it.
@Suite struct NegotiationTests {
  @Test func tellsItsLimits() throws {
    try withHub(["--mqtt-maximum-packet-size", "64KiB"]) { hub in
      let connack = try MQTTPeer(port: hub.mqttPort).connect("a")
      #expect(connack.properties.maximumPacketSize == 65_536)
      #expect(connack.properties.receiveMaximum != nil)
      // Absent is yes.
      #expect(connack.properties.sharedSubscriptionAvailable == nil)
      #expect(connack.properties.topicAliasMaximum == 16)
      #expect(!connack.sessionPresent)
      let peer = try MQTTPeer.connected(hub.mqttPort, "a")
      #expect(try peer.subscribe("$share/group/a").isError == false)
      peer.socket.send([0x30, 0x80, 0x80, 0x04])
      #expect(try peer.closingReason() == .packetTooLarge)
    }
  }

  @Test func limitsTheKeepAlive() throws {
    try withHub(["--mqtt-maximum-keep-alive", "5s"]) { hub in
      for (asked, told) in [(3, nil), (5, nil), (6, 5), (65_535, 5), (0, 5)] as [(UInt16, UInt16?)] {
        let connack = try MQTTPeer(port: hub.mqttPort).connect("a", keepAlive: asked)
        #expect(connack.properties.serverKeepAlive == told, "asked for \(asked)")
      }
    }
  }

  @Test func explainsUnlessAskedNotTo() throws {
    try withHub { hub in
      let curious = try MQTTPeer.connected(hub.mqttPort, "curious")
      let terse = try MQTTPeer.connected(hub.mqttPort, "terse", properties: [.requestProblemInformation(0)])
      for (peer, isExplained) in [(curious, true), (terse, false)] {
        peer.send(
          .publish(
            PublishPacket(
              topic: Array("v1/devices/me/telemetry".utf8), payload: Array("?".utf8), qos: .atLeastOnce,
              packetIdentifier: 3)))
        let puback = try peer.expect("PUBACK") { if case .puback(let puback) = $0 { puback } else { nil } }
        #expect(puback.reasonCode == .payloadFormatInvalid)
        #expect((puback.properties.reasonString != nil) == isExplained)
      }
    }
  }

  @Test func servesMQTT31() throws {
    try withHub { hub in
      let subscriber = try hub.mosquittoSubscribe(
        "-V", "31", "-i", "old", "-q", "2", "-t", "a", "-C", "1", "-F", "%q %p")
      try hub.waitForSubscriptions(1)
      #expect(try hub.mosquittoPublish("-V", "31", "-q", "2", "-t", "a", "-m", "hello").ending == .exit(0))
      #expect(try subscriber.outcome().lines == ["2 hello"])
    }
  }

  @Test func forgetsRetainedMessagesThatExpired() throws {
    try withHub { hub in
      let publisher = try MQTTPeer.connected(hub.mqttPort, "publisher")
      try publisher.publish("short", Array("x".utf8), retain: true, properties: [.messageExpiryInterval(1)])
      try publisher.publish("long", Array("y".utf8), retain: true, properties: [.messageExpiryInterval(100)])
      let subscriber = try MQTTPeer.connected(hub.mqttPort, "subscriber")
      try subscriber.subscribe("short")
      #expect(try subscriber.message().properties.messageExpiryInterval == 1)
      try eventually("the message has expired") {
        let late = try MQTTPeer.connected(hub.mqttPort, "late")
        try late.subscribe("+")
        let first = try late.message()
        return first.topicText == "long" && (98...100).contains(first.properties.messageExpiryInterval ?? 0)
          && (try? late.ping()) != nil
      }
    }
  }

  /// Several packets in one segment, and a packet in several: the answers come in order.
  @Test func answersInOrder() throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, "pipelining")
      var bytes: [UInt8] = []
      for identifier in UInt16(1)...200 {
        let publish = PublishPacket(
          topic: Array("v1/devices/me/telemetry".utf8), payload: Array(#"{"n":\#(identifier)}"#.utf8),
          qos: .atLeastOnce, packetIdentifier: identifier)
        bytes += ControlPacket.publish(publish).encoded(version: .v5)
      }
      peer.socket.send(bytes)
      for identifier in UInt16(1)...200 {
        let puback = try peer.expect("PUBACK") { if case .puback(let puback) = $0 { puback } else { nil } }
        #expect(puback == AcknowledgementPacket(packetIdentifier: identifier))
      }
      #expect(try hub.latest("pipelining", "n") == 200)
      #expect(try hub.metric("telemetry_hub_readings_stored") == 200)
    }
  }

  /// Clients come and go, and leave nothing behind.
  @Test func forgetsWhoLeft() throws {
    try withHub { hub in
      func comeAndGo(_ count: Int) throws {
        for number in 0..<count {
          let peer = try MQTTPeer.connected(hub.mqttPort, "visitor-\(number % 50)")
          try peer.subscribe("room/\(number % 50)/+")
          if number % 2 == 0 { peer.send(.disconnect(DisconnectPacket())) }
        }
      }
      try comeAndGo(300)
      let before = try hub.residentBytes()
      try comeAndGo(1_500)
      let growth = try hub.residentBytes() - before
      #expect(growth < 4 << 20, "grew by \(growth >> 10) KiB")
      try eventually("nobody is left") { try hub.metric("telemetry_hub_connections") == 0 }
      #expect(try hub.metric("telemetry_hub_subscriptions") == 0)
    }
  }
}

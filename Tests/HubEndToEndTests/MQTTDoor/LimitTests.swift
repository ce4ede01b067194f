import DeviceAgentKit
import MQTTProtocol
import Testing

/// Clients that ask for too much.
@Suite struct LimitTests {
  @Test func closesASilentConnection() throws {
    try withHub(["--mqtt-connect-timeout", "1s"]) { hub in
      let silent = try TCPConnection(port: hub.mqttPort)
      let dripping = try TCPConnection(port: hub.mqttPort)
      dripping.send(PacketSamples.connect(.v5).prefix(9))
      let served = try MQTTPeer.connected(hub.mqttPort)
      #expect(try silent.receiveToEnd(within: .seconds(10)).isEmpty)
      #expect(try dripping.receiveToEnd(within: .seconds(10)).isEmpty)
      // Who did connect may be silent.
      try served.ping()
      try eventually("only the connected one is left") { try hub.metric("telemetry_hub_connections") == 1 }
    }
  }

  @Test func limitsConnections() throws {
    try withHub(["--mqtt-maximum-connections", "3"]) { hub in
      var peers = try (0..<3).map { try MQTTPeer.connected(hub.mqttPort, "peer-\($0)") }
      let fourth = try MQTTPeer(port: hub.mqttPort)
      #expect(try fourth.connect("fourth").reasonCode == .quotaExceeded)
      let fifth = try MQTTPeer(port: hub.mqttPort, version: .v3_1_1)
      #expect(try fifth.connect("fifth").reasonCode.rawValue == 3)
      peers.removeFirst()
      try eventually("there is room again") {
        try MQTTPeer(port: hub.mqttPort).connect("sixth").reasonCode == .success
      }
    }
  }

  @Test func limitsSubscriptions() throws {
    try withHub(["--maximum-subscriptions-per-client", "2"]) { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort)
      #expect(try peer.subscribe("a") == .grantedQoS1)
      #expect(try peer.subscribe("b") == .grantedQoS1)
      #expect(try peer.subscribe("c") == .quotaExceeded)
      #expect(try peer.subscribe("b") == .grantedQoS1)
    }
  }

  /// The limit holds within one SUBSCRIBE as it does over many.
  @Test func limitsSubscriptionsOfOnePacket() throws {
    try withHub(["--maximum-subscriptions-per-client", "2"]) { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort)
      let subscriptions = ["a", "b", "c", "a"].map { Subscription(filter: $0, qos: .atMostOnce) }
      peer.send(.subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: subscriptions)))
      let codes = try peer.expect("SUBACK") { if case .suback(let suback) = $0 { suback.reasonCodes } else { nil } }
      #expect(codes == [.success, .success, .quotaExceeded, .success])
    }
  }

  @Test func limitsRetainedMessages() throws {
    try withHub(["--maximum-retained-messages", "2"]) { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort)
      #expect(try peer.publish("a", "1", retain: true) == .success)
      #expect(try peer.publish("b", "1", retain: true) == .success)
      #expect(try peer.publish("c", "1", retain: true) == .quotaExceeded)
      #expect(try peer.publish("b", "2", retain: true) == .success)
      #expect(try peer.publish("a", "", retain: true) == .success)
      #expect(try peer.publish("c", "1", retain: true) == .success)
    }
  }

  @Test func limitsDevices() throws {
    try withHub(["--maximum-devices", "2"]) { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, "first")
      #expect(try peer.publish("v1/devices/first/telemetry", #"{"n":1}"#) == .success)
      #expect(try peer.publish("v1/devices/second/telemetry", #"{"n":1}"#) == .success)
      #expect(try peer.publish("v1/devices/third/telemetry", #"{"n":1}"#) == .quotaExceeded)
      #expect(try hub.json("/v1/latest").elements.count == 2)
    }
  }

  /// More unfinished QoS 2 messages than the hub's Receive Maximum allows.
  @Test func limitsUnfinishedMessages() throws {
    try withHub { hub in
      let peer = try MQTTPeer(port: hub.mqttPort)
      let maximum = try #require(try peer.connect("greedy").properties.receiveMaximum)
      for identifier in 1...maximum + 1 {
        peer.send(
          .publish(
            PublishPacket(topic: [0x61], payload: [], qos: .exactlyOnce, packetIdentifier: identifier)))
      }
      #expect(try peer.closingReason() == .receiveMaximumExceeded)
    }
  }

  @Test func obeysTheClientsLimits() throws {
    try withHub { hub in
      let small = try MQTTPeer.connected(
        hub.mqttPort, "small", properties: [.maximumPacketSize(200), .receiveMaximum(2)])
      try small.subscribe("a")
      let publisher = try MQTTPeer.connected(hub.mqttPort)
      // Too large for this client: left out, as if it had been delivered [MQTT-3.1.2-25].
      try publisher.publish("a", [UInt8](repeating: 0x61, count: 300))
      for number in 0..<5 { try publisher.publish("a", "\(number)") }
      // Two at a time, the third when one is acknowledged.
      let first = try small.expect("PUBLISH") { if case .publish(let publish) = $0 { publish } else { nil } }
      let second = try small.expect("PUBLISH") { if case .publish(let publish) = $0 { publish } else { nil } }
      #expect([first.text, second.text] == ["0", "1"])
      try small.ping()
      small.send(.puback(AcknowledgementPacket(packetIdentifier: first.packetIdentifier)))
      #expect(try small.message().text == "2")
      small.send(.puback(AcknowledgementPacket(packetIdentifier: second.packetIdentifier)))
      #expect(try small.message().text == "3")
      #expect(try small.message().text == "4")
      try small.ping()
    }
  }
}

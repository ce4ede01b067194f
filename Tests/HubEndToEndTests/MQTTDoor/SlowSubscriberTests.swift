import MQTTProtocol
import Testing

/// A subscriber that never reads: it costs what the limits say, and nobody else notices.
@Suite struct SlowSubscriberTests {
  private static let mebibyte = 1 << 20

  @Test(arguments: [QoS.atMostOnce, .atLeastOnce])
  func costsNoMoreThanItsLimits(qos: QoS) throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      let deaf = try MQTTPeer.connected(hub.mqttPort, "deaf", receiveBuffer: 4_096)
      deaf.send(
        .subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: "flood", qos: qos)])))
      try hub.waitForSubscriptions(2)
      let publisher = try MQTTPeer.connected(hub.mqttPort, "publisher")
      let payload = [UInt8](repeating: 0x61, count: 64 << 10)
      func flood(_ count: Int) throws {
        for _ in 0..<count {
          publisher.send(
            .publish(
              PublishPacket(
                topic: Array("flood".utf8), payload: payload, qos: qos,
                packetIdentifier: qos == .atMostOnce ? 0 : publisher.nextIdentifier())))
          if qos == .atLeastOnce {
            _ = try publisher.expect("PUBACK") { if case .puback(let puback) = $0 { puback } else { nil } }
          }
        }
        try publisher.ping()
      }
      // What the first messages leave behind stays: buffers of the limits' sizes.
      try flood(100)
      try hub.resetPeak()
      let before = try hub.residentBytes()
      for round in 0..<4 {
        try flood(500)
        try neighbour.expectToBeServed(round)
      }
      let growth = try hub.peakResidentBytes() - before
      // 125 MiB went by.
      #expect(growth < 16 * Self.mebibyte, "grew by \(growth / Self.mebibyte) MiB")
      #expect(try #require(try hub.metric("telemetry_hub_messages_dropped_total")) > 1_500)
      #expect(try #require(try hub.metric("telemetry_hub_session_queue_bytes")) <= Double(4 * Self.mebibyte))
      #expect(try hub.metric("telemetry_hub_connections") == 3)
    }
  }

  /// Many of them stay below the one total.
  @Test func sharesOneTotal() throws {
    try withHub(["--total-output-bytes", "4MiB"]) { hub in
      let neighbour = try Neighbour(hub)
      let before = try hub.residentBytes()
      var deaf: [MQTTPeer] = []
      for number in 0..<40 {
        let peer = try MQTTPeer.connected(hub.mqttPort, "deaf-\(number)", receiveBuffer: 4_096)
        try peer.subscribe("flood")
        deaf.append(peer)
      }
      let publisher = try MQTTPeer.connected(hub.mqttPort, "publisher")
      let payload = [UInt8](repeating: 0x61, count: 16 << 10)
      for _ in 0..<150 { #expect(try publisher.publish("flood", payload) == .success) }
      let growth = try hub.residentBytes() - before
      // Up to the high-water mark of each connection's socket on top.
      #expect(growth < 48 * Self.mebibyte, "grew by \(growth / Self.mebibyte) MiB")
      try neighbour.expectToBeServed(1)
      withExtendedLifetime(deaf) {}
    }
  }

  /// One who stops reading is not read from either, and goes on when it reads again.
  @Test func goesOnWhenItReadsAgain() throws {
    try withHub { hub in
      let slow = try MQTTPeer.connected(hub.mqttPort, "slow", receiveBuffer: 4_096)
      try slow.subscribe("numbers")
      let publisher = try MQTTPeer.connected(hub.mqttPort, "publisher")
      let filler = String(repeating: "x", count: 1_000)
      for number in 0..<800 { try publisher.publish("numbers", "\(number) \(filler)") }
      for number in 0..<800 {
        let text = try slow.message().text
        #expect(text.hasPrefix("\(number) "))
      }
      try slow.ping()
    }
  }
}

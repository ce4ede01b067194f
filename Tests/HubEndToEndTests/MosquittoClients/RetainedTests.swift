import MQTTProtocol
import Testing

/// Retained messages, by mosquitto's clients and by a raw one.
@Suite struct RetainedTests {
  @Test(arguments: ["311", "5"])
  func delivers(version: String) throws {
    try withHub { hub in
      for qos in 0...2 {
        try hub.mosquittoPublish(
          "-V", version, "-q", "\(qos)", "-r", "-t", "state/\(qos)", "-m", "kept \(qos)")
      }
      let late = try hub.mosquittoSubscribe("-V", version, "-q", "2", "-t", "state/#", "-C", "3", "-F", "%t %q %r %p")
      #expect(
        try late.outcome().lines.sorted() == [
          "state/0 0 1 kept 0", "state/1 1 1 kept 1", "state/2 2 1 kept 2",
        ])
      // A new message on the topic takes the place of the old one; an empty one takes it away.
      try hub.mosquittoPublish("-V", version, "-q", "1", "-r", "-t", "state/1", "-m", "newer")
      try hub.mosquittoPublish("-V", version, "-q", "1", "-r", "-t", "state/0", "-n")
      let later = try hub.mosquittoSubscribe("-V", version, "-q", "2", "-t", "state/#", "-C", "2", "-F", "%t %r %p")
      #expect(try later.outcome().lines.sorted() == ["state/1 1 newer", "state/2 1 kept 2"])
      #expect(try hub.metric("telemetry_hub_retained_messages") == 2)
    }
  }

  @Test func isNotMarkedForThoseWhoWereThere() throws {
    try withHub { hub in
      let subscriber = try hub.mosquittoSubscribe("-t", "state", "-C", "1", "-F", "%r %p")
      try hub.waitForSubscriptions(1)
      try hub.mosquittoPublish("-r", "-t", "state", "-m", "now")
      #expect(try subscriber.outcome().lines == ["0 now"])
    }
  }

  @Test func obeysRetainHandling() throws {
    try withHub { hub in
      try hub.mosquittoPublish("-q", "1", "-r", "-t", "state", "-m", "kept")
      let peer = try MQTTPeer.connected(hub.mqttPort)
      // Each case says whether the retained message comes; a ping after it shows that nothing else does.
      let cases: [(RetainHandling, comes: Bool)] = [
        (.doNotSend, false), (.sendAtSubscribe, true), (.sendAtSubscribe, true), (.sendIfNew, false),
      ]
      for (handling, comes) in cases {
        peer.send(
          .subscribe(
            SubscribePacket(
              packetIdentifier: peer.nextIdentifier(),
              subscriptions: [Subscription(filter: "state", qos: .atMostOnce, retainHandling: handling)])))
        _ = try peer.expect("SUBACK") { if case .suback(let suback) = $0 { suback } else { nil } }
        if comes {
          let message = try peer.message()
          #expect(message.retain && message.text == "kept")
        }
        try peer.ping()
      }
    }
  }
}

import DeviceAgentKit
import MQTTProtocol
import Testing

/// Who may publish and subscribe what under `v1/devices/` (docs/topics.md).
@Suite struct TopicTableTests {
  /// Suffixes that an anonymous client may publish, with a payload that is good there.
  static let published = [
    ("telemetry", "{}"), ("telemetry/a/b", "1"), ("attributes", "{}"), ("status", "online"), ("reported", "{}"),
    ("time", ""), ("commands/0123/result", #"{"status":"succeeded"}"#),
  ]
  /// The hub's own, what is not in the table, and what is no device.
  static let refused = [
    "v1/devices/porch/commands", "v1/devices/porch/commands/next/response", "v1/devices/porch/time/response",
    "v1/devices/porch/desired", "v1/devices/porch/presence", "v1/devices/porch/telemtry", "v1/devices/porch/telemetry/",
    "v1/devices/porch", "v1/devices/porch/", "v1/devices", "v1/devices/", "v1/devices/a b/telemetry",
    "v1/devices/../telemetry", "v1/devices//telemetry", "v1/devices/porch/commands/1/2/result", "$SYS/broker/version",
    "v1/devices/porch/status/", "v1/devices/porch/Telemetry",
  ]

  @Test func admitsWhatTheTableSays() throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, "porch")
      for (suffix, payload) in Self.published {
        #expect(try peer.publish("v1/devices/porch/\(suffix)", payload) == .success, "\(suffix)")
        #expect(try peer.publish("v1/devices/me/\(suffix)", payload) == .success, "\(suffix)")
      }
      #expect(try peer.publish("ordinary/topic", "x") == .noMatchingSubscribers)
      #expect(try peer.publish("v1/device", "x") == .noMatchingSubscribers)
      #expect(try hub.metric("telemetry_hub_publishes_refused_total") == 0)
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func refusesPublishes(version: ProtocolVersion) throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("#")
      let peer = try MQTTPeer.connected(hub.mqttPort, version: version, "porch")
      for topic in Self.refused {
        // 3.1.1 can only acknowledge or hang up; the message goes nowhere all the same.
        #expect(try peer.publish(topic, "{}", retain: true) == (version == .v5 ? .notAuthorized : .success), "\(topic)")
      }
      peer.send(
        .publish(
          PublishPacket(
            topic: Array("v1/devices/porch/commands".utf8), payload: [], qos: .exactlyOnce, packetIdentifier: 99)))
      let pubrec = try peer.expect("PUBREC") { if case .pubrec(let pubrec) = $0 { pubrec } else { nil } }
      #expect(pubrec.reasonCode == (version == .v5 ? .notAuthorized : .success))
      #expect(try hub.metric("telemetry_hub_publishes_refused_total") == Double(Self.refused.count + 1))
      #expect(try hub.metric("telemetry_hub_retained_messages") == 0)
      try watcher.ping()
      try peer.ping()
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func refusesSubscriptions(version: ProtocolVersion) throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, version: version, "porch")
      let refusal: ReasonCode = version == .v5 ? .notAuthorized : .unspecifiedError
      for filter in [
        "v1/devices/porch/telemtry", "v1/devices/+/nothing", "v1/devices/porch", "v1/devices/a b/#",
        "v1/devices/+/commands/+/answer",
      ] {
        #expect(try peer.subscribe(filter) == refusal, "\(filter)")
      }
      for filter in [
        "v1/devices/+/telemetry", "v1/devices/#", "v1/devices/+/#", "#", "v1/devices/porch/commands/+/result",
        "v1/devices/me/commands", "+/devices/porch/telemetry", "v1/devices/porch/telemetry/#",
      ] {
        #expect(try peer.subscribe(filter) == .grantedQoS1, "\(filter)")
      }
      // Of several filters in one SUBSCRIBE each has its own answer, in their order.
      let filters = ["a", "v1/devices/porch/nothing", "b/#"]
      peer.send(
        .subscribe(
          SubscribePacket(
            packetIdentifier: 500, subscriptions: filters.map { Subscription(filter: $0, qos: .exactlyOnce) })))
      let codes = try peer.expect("SUBACK") { if case .suback(let suback) = $0 { suback.reasonCodes } else { nil } }
      #expect(codes == [.grantedQoS2, refusal, .grantedQoS2])
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func refusesWills(version: ProtocolVersion) throws {
    try withHub { hub in
      for topic in ["v1/devices/porch/commands", "v1/devices/porch/nothing", "$SYS/x", "v1/devices/me/presence"] {
        let peer = try MQTTPeer(port: hub.mqttPort, version: version)
        let will = Will(topic: topic, payload: [], qos: .atMostOnce, retain: false)
        // Return code 5 in 3.1.1.
        let connack = try peer.connect("porch", will: will)
        #expect(connack.reasonCode.rawValue == (version == .v5 ? 0x87 : 5), "\(topic)")
        #expect(try peer.receive() == nil)
      }
      let will = Will(topic: "v1/devices/me/status", payload: Array("offline".utf8), qos: .atLeastOnce, retain: true)
      _ = try MQTTPeer.connected(hub.mqttPort, version: version, "porch", will: will)
    }
  }

  @Test func rewritesMe() throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("v1/devices/porch/#")
      let will = Will(topic: "v1/devices/me/status", payload: Array("offline".utf8), qos: .atLeastOnce, retain: true)
      do {
        let device = try MQTTPeer.connected(hub.mqttPort, "porch", will: will)
        try device.subscribe("v1/devices/me/reported")
        try device.publish("v1/devices/me/telemetry", #"{"t":1}"#)
        #expect(try watcher.message().topicText == "v1/devices/porch/telemetry")
        try MQTTPeer.connected(hub.mqttPort, "shed").publish("v1/devices/porch/reported", "{}")
        #expect(try watcher.message().topicText == "v1/devices/porch/reported")
        // What was asked for by `me` is delivered by `me`.
        #expect(try device.message().topicText == "v1/devices/me/reported")
      }
      let offline = try watcher.message()
      #expect(offline.topicText == "v1/devices/porch/status" && offline.text == "offline")
      #expect(try hub.latest("porch", "t") == 1)
    }
  }

  @Test func knowsNoMeWithoutADeviceName() throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, "not a device")
      #expect(try peer.publish("v1/devices/me/telemetry", "{}") == .notAuthorized)
      #expect(try peer.subscribe("v1/devices/me/commands") == .notAuthorized)
      // Nor may anyone be a device of the name itself.
      let me = try MQTTPeer.connected(hub.mqttPort, "me")
      #expect(try me.publish("v1/devices/me/telemetry", "{}") == .notAuthorized)
      #expect(try hub.json("/v1/devices").elements.isEmpty)
    }
  }

  @Test func answersOnlyWhereTheRequesterMightPublish() throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try watcher.subscribe("#")
      let device = try MQTTPeer.connected(hub.mqttPort, "porch")
      for topic in ["v1/devices/shed/commands", "v1/devices/porch/presence", "$SYS/x"] {
        let code = try device.publish("v1/devices/me/time", [], properties: [.responseTopic(topic)])
        #expect(code == .notAuthorized, "\(topic)")
      }
      try watcher.ping()
      #expect(try device.publish("v1/devices/me/commands/send", "{}") == .implementationSpecificError)
    }
  }
}

import MQTTProtocol
import Testing

/// What the hub tells about itself under `$SYS`.
@Suite struct SystemTopicsTests {
  /// docs/system-topics.md.
  static let counts = [
    "bytes/received", "bytes/sent", "clients/active", "clients/connected", "clients/disconnected", "clients/expired",
    "clients/inactive", "clients/maximum", "clients/total", "heap/current", "messages/received", "messages/sent",
    "messages/stored", "publish/bytes/received", "publish/bytes/sent", "publish/messages/dropped",
    "publish/messages/received", "publish/messages/sent", "retained messages/count", "shared_subscriptions/count",
    "store/messages/bytes", "store/messages/count", "subscriptions/count",
  ]
  static let loads = [
    "bytes/received", "bytes/sent", "connections", "messages/received", "messages/sent", "publish/dropped",
    "publish/received", "publish/sent", "sockets",
  ].flatMap { ["load/\($0)/1min", "load/\($0)/5min", "load/\($0)/15min"] }

  @Test(arguments: ["311", "5"], ["0", "1", "2"])
  func answersAtOnce(version: String, qos: String) throws {
    try withHub { hub in
      let subscriber = try hub.mosquittoSubscribe(
        "-V", version, "-q", qos, "-t", "$SYS/broker/uptime", "-t", "$SYS/broker/version", "-C", "2", "-F",
        "%r %q %t %p")
      // The RETAIN flag says that they were there already.
      let lines = try subscriber.outcome().lines.sorted()
      let uptime = try #require(lines.first)
      #expect(uptime.wholeMatch(of: /1 0 \$SYS\/broker\/uptime [0-9]+ seconds/) != nil, "\(uptime)")
      let text = try #require(lines.last)
      #expect(text.wholeMatch(of: /1 0 \$SYS\/broker\/version telemetry-hub version [0-9.]+/) != nil, "\(text)")
    }
  }

  @Test func showsTheWholeTree() throws {
    try withHub { hub in
      let topics = ["uptime", "version"] + Self.counts + Self.loads
      let subscriber = try hub.mosquittoSubscribe(
        "-t", "$SYS/#", "-C", "\(topics.count)", "-F", "%r %t\t%p")
      let values = Dictionary(
        try subscriber.outcome().lines.map { line in
          let parts = line.split(separator: "\t", maxSplits: 1)
          return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }, uniquingKeysWith: { "\($0) and \($1)" })
      #expect(values.keys.sorted() == topics.map { "1 $SYS/broker/\($0)" }.sorted())
      for topic in Self.counts {
        let value = try #require(values["1 $SYS/broker/\(topic)"])
        #expect(UInt64(value) != nil, "\(topic) \(value)")
      }
      for topic in Self.loads {
        let value = try #require(values["1 $SYS/broker/\(topic)"])
        #expect(value.wholeMatch(of: /[0-9]+\.[0-9][0-9]/) != nil, "\(topic) \(value)")
      }
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func keepsOutOfWildcards(version: ProtocolVersion) throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, version: version)
      // [MQTT-4.7.2-1]
      for filter in ["#", "+/#", "+/broker/uptime", "+/+/uptime"] { try peer.subscribe(filter) }
      try peer.ping()
      for filter in ["$SYS/broker/uptime", "$SYS/+/uptime", "$SYS/broker/uptime/#", "$SYS/#"] {
        let watcher = try MQTTPeer.connected(hub.mqttPort, version: version)
        try watcher.subscribe(filter)
        #expect(try watcher.message().topicText.hasPrefix("$SYS/broker/"))
      }
      try peer.ping()
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func isReadOnly(version: ProtocolVersion) throws {
    try withHub { hub in
      let peer = try MQTTPeer.connected(hub.mqttPort, version: version)
      let topic = "$SYS/broker/version"
      let refused: ReasonCode = version == .v5 ? .notAuthorized : .success
      #expect(try peer.publish(topic, "forged", retain: true) == refused)
      #expect(try peer.publish(topic, "", retain: true) == refused)
      #expect(try peer.publish("$SYS/of/my/own", "forged", retain: true) == refused)
      peer.send(
        .publish(
          PublishPacket(
            topic: Array(topic.utf8), payload: Array("forged".utf8), qos: .exactlyOnce, retain: true,
            packetIdentifier: 99)))
      let pubrec = try peer.expect("PUBREC") { if case .pubrec(let pubrec) = $0 { pubrec } else { nil } }
      #expect(pubrec.reasonCode == refused)
      peer.send(.publish(PublishPacket(topic: Array(topic.utf8), payload: Array("forged".utf8), retain: true)))
      #expect(try hub.metric("telemetry_hub_publishes_refused_total") == 5)

      let forger = try MQTTPeer(port: hub.mqttPort, version: version)
      let will = Will(topic: topic, payload: Array("forged".utf8), qos: .atLeastOnce, retain: true)
      // Return code 5 in 3.1.1.
      #expect(try forger.connect("forger", will: will).reasonCode.rawValue == (version == .v5 ? 0x87 : 5))

      try peer.subscribe("$SYS/of/#")
      try peer.subscribe(topic)
      #expect(try peer.message().text.hasPrefix("telemetry-hub version "))
      try peer.ping()
    }
  }

  @Test func isRefreshed() throws {
    try withHub { hub in
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      let others = try (1...3).map { try MQTTPeer.connected(hub.mqttPort, "other \($0)") }
      for other in others {
        try other.subscribe("news")
        try other.ping()
      }
      #expect(try watcher.publish("news", "12345") == .success)
      for other in others { #expect(try other.message().text == "12345") }

      let expected = [
        "clients/connected": "4", "clients/maximum": "4", "publish/messages/received": "1",
        "publish/messages/dropped": "0", "publish/bytes/received": "5",
      ]
      // All comes at once, and then what changes, until all is as it must be and the time of a refresh has passed.
      try subscribe(watcher, to: ["uptime"] + expected.keys)
      var values: [String: String] = [:]
      var uptimes: [Int] = []
      while values != expected || uptimes.last ?? 0 < 10 {
        let (topic, value) = try systemValue(watcher)
        if topic == "uptime" { uptimes.append(try Self.seconds(value)) } else { values[topic] = value }
      }
      #expect(uptimes == uptimes.sorted())
    }
  }

  @Test func countsSessions() throws {
    try withHub { hub in
      let expiring = try MQTTPeer.connected(hub.mqttPort, "expiring", properties: [.sessionExpiryInterval(1)])
      let away = try MQTTPeer.connected(hub.mqttPort, "away", properties: [.sessionExpiryInterval(1_000)])
      let watcher = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try away.subscribe("for/later")
      try away.subscribe("$share/group/jobs")
      for peer in [expiring, away] {
        peer.send(.disconnect(DisconnectPacket()))
        #expect(try peer.closingReason() == nil)
      }
      // A connection without a CONNECT is no client.
      let silent = try MQTTPeer(port: hub.mqttPort)
      for number in 1...3 { #expect(try watcher.publish("for/later", "\(number)") == .success) }
      try eventually("a session expired") { try hub.metric("telemetry_hub_sessions_expired_total") == 1 }
      #expect(try hub.metric("telemetry_hub_sessions") == 2)
      #expect(try hub.metric("telemetry_hub_connections_highest") == 3)
      #expect(try hub.metric("telemetry_hub_session_queue_messages") == 3)
      #expect(try hub.metric("telemetry_hub_shared_subscriptions") == 1)

      let topics = 2 + Self.counts.count + Self.loads.count
      let expected = [
        "clients/connected": "1", "clients/active": "1", "clients/disconnected": "1", "clients/inactive": "1",
        "clients/total": "2", "clients/maximum": "3", "clients/expired": "1", "shared_subscriptions/count": "1",
        "retained messages/count": "\(topics)", "store/messages/count": "\(topics + 3)",
        "messages/stored": "\(topics + 3)",
      ]
      // The first to watch makes the hub look again, well before the ten seconds are over.
      try subscribe(watcher, to: expected.keys)
      var values: [String: String] = [:]
      let deadline = Deadline(.seconds(5))
      while values != expected, !deadline.hasPassed {
        let (topic, value) = try systemValue(watcher)
        values[topic] = value
      }
      #expect(!deadline.hasPassed, "\(values)")
      #expect(try hub.metric("telemetry_hub_connections") == 2)
      silent.socket.finishSending()
    }
  }

  /// Subscribes to topics under `$SYS/broker/` with one packet.
  private func subscribe(_ peer: MQTTPeer, to topics: some Collection<String>) throws {
    let subscriptions = topics.map { Subscription(filter: "$SYS/broker/\($0)", qos: .atLeastOnce) }
    peer.send(.subscribe(SubscribePacket(packetIdentifier: peer.nextIdentifier(), subscriptions: subscriptions)))
    let codes = try peer.expect("SUBACK") { if case .suback(let suback) = $0 { suback.reasonCodes } else { nil } }
    #expect(codes == topics.map { _ in .grantedQoS1 })
  }

  /// The next message, which is a value under `$SYS`, at QoS 0 whatever was granted.
  private func systemValue(_ peer: MQTTPeer) throws -> (topic: String, value: String) {
    let message = try peer.message(within: .seconds(15))
    let prefix = "$SYS/broker/"
    #expect(message.topicText.hasPrefix(prefix) && message.qos == .atMostOnce)
    return (String(message.topicText.dropFirst(prefix.count)), message.text)
  }

  /// From a text like `10 seconds`.
  private static func seconds(_ uptime: String) throws -> Int {
    let parts = uptime.split(separator: " ")
    guard parts.count == 2, parts[1] == "seconds", let seconds = Int(parts[0]) else {
      throw HarnessError("no uptime: \(uptime)")
    }
    return seconds
  }
}

import MQTTProtocol
import Testing

/// §4.8.2: one subscription, many members.
@Suite("MQTT 5.0 §4.8.2 shared subscriptions")
struct SharedSubscriptionTests {
  static let lasting: Properties = [.sessionExpiryInterval(100)]

  @Test(
    """
    5.0 [MQTT-4.8.2-1] [MQTT-4.8.2-2] a shared filter without a name, or without a filter, or with a wildcard in its \
    name, is refused
    """,
    arguments: [
      "$share//a", "$share/a", "$share/a/", "$share/", "$share/a+/b", "$share/a#/b", "$share/+/b", "$share/#",
      "$share/n/a#",
    ])
  func invalidShare(_ filter: String) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(
      .subscribe(SubscribePacket(packetIdentifier: 1, subscriptions: [Subscription(filter: filter, qos: .atMostOnce)])))
    try client.expectDisconnect(.topicFilterInvalid, .malformedPacket, .protocolError)
  }

  @Test(
    "5.0 [MQTT-4.8.2-1] [MQTT-4.6.0-6] each message goes to one member of the group, in turn", arguments: QoS.allCases)
  func eachMessageOnce(_ qos: QoS) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let members = try (0..<3).map { _ in try hub.connect() }
    for member in members { try member.subscribe("$share/group/\(topic)") }
    let publisher = try hub.connect()
    for number in 0..<12 { try publisher.publish(topic, "\(number)", qos: qos) }
    let received = try members.map { try $0.settle().compactMap(\.message) }
    #expect(received.map(\.count) == [4, 4, 4])
    #expect(Set(received.flatMap { $0.map(\.text) }) == Set((0..<12).map(String.init)))
    #expect(received.joined().allSatisfy { $0.qos == qos && $0.topicText == topic })
  }

  @Test("5.0 [MQTT-4.8.2-1] every group gets its copy, and so does every subscription that is not shared")
  func groupsAreApart() async throws {
    let hub = try await LiveHub.shared()
    let root = Unique.name()
    let clients = try (0..<4).map { _ in try hub.connect() }
    try clients[0].subscribe("$share/one/\(root)/+")
    try clients[1].subscribe("$share/two/\(root)/+")
    try clients[2].subscribe("\(root)/a")
    // The same name with another filter is another group.
    try clients[3].subscribe("$share/one/\(root)/#")
    try hub.connect().publish("\(root)/a", qos: .atLeastOnce)
    for client in clients { #expect(try client.requirePublish().topicText == "\(root)/a") }
    for client in clients { try client.expectNothing() }
  }

  @Test(
    """
    5.0 [MQTT-4.8.2-1] [MQTT-3.3.4-3] a client's own subscription and its share in a group are two, each with its \
    identifier
    """
  )
  func ownAndShared() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let client = try hub.connect()
    try client.subscribe(topic, qos: .atMostOnce, identifier: 1)
    try client.subscribe("$share/group/\(topic)", qos: .atMostOnce, identifier: 2)
    try hub.connect().publish(topic)
    let identifiers = try client.settle().compactMap(\.message).map(\.subscriptionIdentifiers)
    #expect(Set(identifiers) == [[1], [2]])
  }

  @Test("5.0 [MQTT-4.8.2-3] a member gets messages at its own granted QoS")
  func grantedQoS() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let publisher = try hub.connect()
    let members = try QoS.allCases.map { qos in
      let member = try hub.connect()
      try member.subscribe("$share/group/\(topic)", qos: qos)
      return member
    }
    for _ in 0..<6 { try publisher.publish(topic, qos: .exactlyOnce) }
    for (member, qos) in zip(members, QoS.allCases) {
      #expect(try member.settle().compactMap(\.message).map(\.qos) == [qos, qos])
    }
  }

  @Test(
    "5.0 [MQTT-4.8.2-4] a QoS 2 message that was begun with a member is completed with it when it is back",
    arguments: [false, true])
  func begunAtQoS2StaysWithMember(isReceived: Bool) throws {
    let hub = VirtualHub(shards: 2)
    let member = hub.connect("member", properties: Self.lasting)
    try member.subscribe("$share/group/t")
    hub.connect("publisher").publish("t", "begun", qos: .exactlyOnce)
    let identifier = try #require(member.takeMessages().first?.packetIdentifier)
    let answer = AcknowledgementPacket(packetIdentifier: identifier)
    if isReceived { member.send(.pubrec(answer)) }
    let other = hub.connect("other", shard: 1)
    try other.subscribe("$share/group/t")
    member.lose()
    #expect(other.takeTexts() == [])
    let again = hub.connect("member", clean: false, properties: Self.lasting)
    let packets = again.take()
    if isReceived {
      #expect(packets == [.pubrel(answer)])
    } else {
      #expect(packets.compactMap(\.message).map(\.text) == ["begun"])
      #expect(packets.first?.message?.duplicate == true)
    }
    #expect(other.takeTexts() == [])
  }

  @Test("5.0 [MQTT-4.8.2-5] a QoS 2 message that was begun with a member whose session ends goes to nobody else")
  func begunAtQoS2EndsWithSession() throws {
    let hub = VirtualHub()
    let member = hub.connect("member", properties: [.sessionExpiryInterval(5)])
    try member.subscribe("$share/group/t")
    hub.connect("publisher").publish("t", "begun", qos: .exactlyOnce)
    #expect(member.takeTexts() == ["begun"])
    let other = hub.connect("other")
    try other.subscribe("$share/group/t")
    member.lose()
    hub.advance(seconds: 10)
    #expect(other.takeTexts() == [])
  }

  @Test(
    "5.0 [MQTT-4.8.2-6] a message that a member refuses goes to nobody else",
    arguments: [QoS.atLeastOnce, .exactlyOnce])
  func refusedIsDiscarded(_ qos: QoS) throws {
    let hub = VirtualHub()
    let members = ["a", "b"].map { hub.connect($0) }
    for member in members { try member.subscribe("$share/group/t") }
    hub.connect("publisher").publish("t", "refused", qos: qos)
    var receivers = 0
    for member in members {
      guard let message = member.takeMessages().first else { continue }
      receivers += 1
      let refusal = AcknowledgementPacket(
        packetIdentifier: message.packetIdentifier, reasonCode: .implementationSpecificError)
      member.send(qos == .atLeastOnce ? .puback(refusal) : .pubrec(refusal))
    }
    #expect(receivers == 1)
    hub.advance(seconds: 5)
    for member in members { #expect(member.take() == []) }
  }

  @Test(
    "5.0 [MQTT-4.8.2-4] [MQTT-4.5.0-1] a QoS 1 message that a lost member did not acknowledge goes to another",
    arguments: [0, 100] as [UInt32])
  func unacknowledgedGoesOn(_ expiry: UInt32) throws {
    let hub = VirtualHub(shards: 2)
    let member = hub.connect("member", properties: [.sessionExpiryInterval(expiry)])
    try member.subscribe("$share/group/t")
    let publisher = hub.connect("publisher")
    for text in ["1", "2"] { publisher.publish("t", text, qos: .atLeastOnce) }
    let acknowledged = try #require(member.takeMessages().first)
    member.send(.puback(AcknowledgementPacket(packetIdentifier: acknowledged.packetIdentifier)))
    let other = hub.connect("other", shard: 1)
    try other.subscribe("$share/group/t")
    member.lose()
    #expect(other.takeTexts() == ["2"])
    publisher.publish("t", "3", qos: .atLeastOnce)
    #expect(other.takeTexts() == ["3"])
  }

  @Test(
    """
    5.0 [MQTT-4.8.2-3] [MQTT-4.5.0-1] members that are away get nothing while another is connected, and the group's \
    messages wait when none is
    """
  )
  func absentMembers() throws {
    let hub = VirtualHub(shards: 2)
    let names = ["a", "b"]
    let members = names.enumerated().map { hub.connect($1, shard: $0, properties: Self.lasting) }
    for member in members { try member.subscribe("$share/group/t", qos: .atLeastOnce) }
    members[0].lose()
    let publisher = hub.connect("publisher")
    for number in 0..<4 { publisher.publish("t", "\(number)", qos: .atLeastOnce) }
    let received = members[1].takeMessages()
    #expect(received.map(\.text) == ["0", "1", "2", "3"])
    for message in received {
      members[1].send(.puback(AcknowledgementPacket(packetIdentifier: message.packetIdentifier)))
    }
    members[1].lose()
    for number in 4..<8 { publisher.publish("t", "\(number)", qos: .atLeastOnce) }
    let back = names.map { hub.connect($0, clean: false, properties: Self.lasting) }
    #expect(Set(back.flatMap { $0.takeTexts() }) == ["4", "5", "6", "7"])
  }

  @Test("5.0 [MQTT-3.10.4-1] a member that unsubscribes leaves the group, and nobody else does")
  func leaving() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let members = try (0..<2).map { _ in try hub.connect() }
    for member in members { try member.subscribe("$share/group/\(topic)") }
    #expect(try members[0].unsubscribe(topic).reasonCodes == [.noSubscriptionExisted])
    #expect(try members[0].unsubscribe("$share/other/\(topic)").reasonCodes == [.noSubscriptionExisted])
    #expect(try members[0].unsubscribe("$share/group/\(topic)").reasonCodes == [.success])
    let publisher = try hub.connect()
    for _ in 0..<3 { try publisher.publish(topic) }
    #expect(try members[1].settle().compactMap(\.message).count == 3)
    try members[0].expectNothing()
  }

  @Test("5.0 [MQTT-4.8.2-1] a group brings no retained messages")
  func noRetained() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    try hub.connect().publish(topic, retain: true)
    let member = try hub.connect()
    try member.subscribe("$share/group/\(topic)")
    try member.expectNothing()
  }
}

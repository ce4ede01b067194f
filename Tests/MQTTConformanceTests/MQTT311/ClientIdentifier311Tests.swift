import MQTTBroker
import MQTTProtocol
import Testing

@Suite("MQTT 3.1.1: client identifiers")
struct ClientIdentifier311Tests {
  @Test(
    "3.1.1 [MQTT-3.1.3-5] 1 to 23 letters and digits are accepted",
    arguments: ["0", "z", "0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ", "KLMNOPQRSTUVWXYZ"])
  func areAccepted(identifier: String) async throws {
    try await LiveHub.shared().client311(identifier).expectNothing()
  }

  @Test("3.1.1 [MQTT-3.1.3-6] without an identifier each connection gets one of its own")
  func areGivenWhereEmpty() async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let clients = try (0..<3).map { _ in try hub.client311("") }
    for client in clients {
      #expect(!client.isResumed)
      try client.subscribe(topic, qos: .atMostOnce)
    }
    try hub.client311().publish(topic)
    // All of them live, so none took another's place.
    for client in clients { #expect(try client.requirePublish().topicText == topic) }
  }

  @Test("3.1.1 [MQTT-3.1.3-7] [MQTT-3.1.3-8] [MQTT-3.2.2-4] [MQTT-3.2.2-5] none with Clean Session 0 is answered 0x02")
  func areNeededForASession() async throws {
    let client = try await LiveHub.shared().sent311(Wire.connect311(flags: 0, [0, 0]))
    #expect(try client.readPacketBytes() == [0x20, 2, 0, 2])
    try client.expectClosed()
  }

  @Test("3.1.1 [MQTT-3.1.3-9] [MQTT-3.2.2-4] [MQTT-3.2.2-5] one that is not accepted is answered 0x02")
  func areRejected() async throws {
    let hub = try await LiveHub.shared()
    let longest = String(repeating: "i", count: BrokerLimits().maximumClientIdentifierBytes)
    try hub.client311(longest).expectNothing()
    let client = try hub.sent311(Wire.connect311(Wire.string(longest + "i")))
    #expect(try client.readPacketBytes() == [0x20, 2, 0, 2])
    try client.expectClosed()
  }

  @Test(
    "3.1.1 [MQTT-3.1.3-2] a session belongs to its identifier, every byte of it", arguments: ["A", "a ", "aa", "á"])
  func nameTheSession(suffix: String) async throws {
    let hub = try await LiveHub.shared()
    let topic = Unique.name()
    let base = Unique.name()
    let first = try hub.client311(base + "a", clean: false)
    try first.subscribe(topic)
    try first.disconnect()
    let other = try hub.client311(base + suffix, clean: false)
    #expect(!other.isResumed)
    try hub.client311().publish(topic, qos: .atLeastOnce)
    try other.expectNothing()
    let second = try hub.client311(base + "a", clean: false)
    #expect(second.isResumed)
    #expect(try second.requirePublish().topicText == topic)
  }

  @Test("3.1.1 [MQTT-3.1.3-2] identifiers that look the same are two where their bytes differ")
  func areComparedByBytes() async throws {
    let hub = try await LiveHub.shared()
    let base = Unique.name()
    let composed = try hub.client311(base + "\u{E9}")
    let decomposed = try hub.client311(base + "e\u{301}")
    try composed.expectNothing()
    try decomposed.expectNothing()
  }

  @Test("3.1.1 [MQTT-3.1.4-2] the client that was connected is closed, without a word")
  func areTakenOver() async throws {
    let hub = try await LiveHub.shared()
    let name = Unique.name()
    // More than the event loops, so that take-overs cross them.
    var former = try hub.client311(name)
    for _ in 0..<4 {
      let next = try hub.client311(name)
      try former.expectClosed()
      try next.expectNothing()
      former = next
    }
  }
}

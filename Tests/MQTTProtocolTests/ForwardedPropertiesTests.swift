import MQTTProtocol
import Testing

@Suite("Forwarded properties")
struct ForwardedPropertiesTests {
  private func forward(_ properties: Properties) -> [UInt8] {
    properties.encodedRaw().withUnsafeBytes { ForwardedProperties.make(from: $0) }
  }

  private func properties(_ raw: [UInt8]) throws -> Properties {
    try raw.withUnsafeBytes { try Properties.decodePublishProperties($0) }
  }

  @Test("what belongs to the connection is left out, the rest keeps its order")
  func leavesOut() throws {
    let raw = forward([
      .userProperty("b", "1"), .topicAlias(3), .payloadFormatIndicator(1), .subscriptionIdentifier(300),
      .messageExpiryInterval(60), .userProperty("a", "2"), .willDelayInterval(1), .responseTopic("r/t"),
      .correlationData([0, 35, 11]), .contentType("text/plain"),
    ])
    let kept: Properties = [
      .userProperty("b", "1"), .payloadFormatIndicator(1), .messageExpiryInterval(60), .userProperty("a", "2"),
      .responseTopic("r/t"), .correlationData([0, 35, 11]), .contentType("text/plain"),
    ]
    #expect(raw == kept.encodedRaw())
    #expect(forward([]) == [])
    #expect(forward([.topicAlias(1)]) == [])
  }

  @Test("subscription identifiers are added, the time left put in")
  func forOneSubscriber() throws {
    let forwarded = forward([.userProperty("\u{2}\u{2}", "x"), .messageExpiryInterval(60), .contentType("c")])
    let raw = ForwardedProperties.withSubscriptionIdentifiers(
      forwarded, [1, 128, 268_435_455], messageExpiryInterval: 42)
    #expect(
      try properties(raw) == [
        .userProperty("\u{2}\u{2}", "x"), .messageExpiryInterval(42), .contentType("c"), .subscriptionIdentifier(1),
        .subscriptionIdentifier(128), .subscriptionIdentifier(268_435_455),
      ])
  }

  @Test("without identifiers and without a new time nothing changes")
  func unchanged() {
    let forwarded = forward([.messageExpiryInterval(60), .userProperty("k", "v")])
    #expect(
      ForwardedProperties.withSubscriptionIdentifiers(forwarded, [], messageExpiryInterval: nil) == forwarded)
    // Where no time was, none is put in.
    #expect(ForwardedProperties.withSubscriptionIdentifiers([], [], messageExpiryInterval: 5) == [])
  }

  @Test("the same as on decoded properties")
  func againstDecoded() throws {
    var generator = SeededGenerator(seed: 77)
    for _ in 0..<2_000 {
      let original = generator.properties(.publish, version: .v5)
      var expected = original
      expected.items.removeAll {
        switch $0 {
        case .topicAlias, .subscriptionIdentifier: true
        default: false
        }
      }
      #expect(forward(original) == expected.encodedRaw())
    }
  }
}

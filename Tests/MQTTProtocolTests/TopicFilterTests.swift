import MQTTProtocol
import Testing

@Suite("Topic filters")
struct TopicFilterTests {
  @Test(
    "valid",
    arguments: [
      "a", "/", "#", "+", "a/#", "/#", "+/+", "/+", "+/", "a/+/b", "sport/+/player1/#", "$SYS/#", "$share", "$shared/a",
      "$share/g/a", "$share/g/#", "$share/g//", "$share/group/+/b", "$share/ä/b",
    ])
  func valid(filter: String) {
    #expect(TopicFilter.isValid(filter))
    #expect(TopicFilter.isValid(Array(filter.utf8)))
  }

  @Test(
    "invalid",
    arguments: [
      "", "a#", "#/", "#/a", "a/#/b", "##", "a+", "+a", "a/b+", "a/+b/c", "++", "+#", "#+", "$share/",
      "$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/g+/a", "$share/#", "$share/g#/a", "$share/g/a#",
    ])
  func invalid(filter: String) {
    #expect(!TopicFilter.isValid(filter))
    #expect(!TopicFilter.isValid(Array(filter.utf8)))
  }

  @Test("length and encoding")
  func lengthAndEncoding() {
    #expect(TopicFilter.isValid([UInt8](repeating: 0x61, count: 65_535)))
    #expect(!TopicFilter.isValid([UInt8](repeating: 0x61, count: 65_536)))
    #expect(!TopicFilter.isValid("a\0b"))
    #expect(!TopicFilter.isValid([0xED, 0xA0, 0x80] as [UInt8]))
  }

  @Test(
    "shared subscriptions",
    arguments: [
      ("$share/g/a/b", "g", "a/b"), ("$share/g/#", "g", "#"), ("$share/é x/+/", "é x", "+/"), ("$share/g//", "g", "/"),
      ("$share/$share/$share/g/a", "$share", "$share/g/a"),
    ])
  func shared(filter: String, group: String, inner: String) throws {
    let shared = try #require(SharedSubscription(filter))
    #expect(shared.group == group)
    #expect(shared.filter == inner)
  }

  @Test("no shared subscriptions", arguments: ["a", "$share", "$share/g", "$share//a", "$share/+/a", "$SHARE/g/a"])
  func notShared(filter: String) {
    #expect(SharedSubscription(filter) == nil)
  }
}

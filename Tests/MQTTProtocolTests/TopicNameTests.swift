import MQTTProtocol
import Testing

@Suite("Topic names")
struct TopicNameTests {
  @Test(
    "valid", arguments: ["a", "/", "//", "a/b", "$SYS/x", " ", "sport/tennis/", "v1/devices/é/telemetry", "a$b", "😀"])
  func valid(topic: String) {
    #expect(TopicName.isValid(topic))
    #expect(TopicName.isValid(Array(topic.utf8)))
    #expect(TopicName.isValid(topic.utf8.lazy.map { $0 }))
  }

  @Test("invalid", arguments: ["", "+", "#", "a/+/b", "a+", "a/#", "12345678/#/12345678"])
  func invalid(topic: String) {
    #expect(!TopicName.isValid(topic))
    #expect(!TopicName.isValid(Array(topic.utf8)))
  }

  @Test("length and encoding")
  func lengthAndEncoding() {
    #expect(TopicName.isValid([UInt8](repeating: 0x61, count: 65_535)))
    #expect(!TopicName.isValid([UInt8](repeating: 0x61, count: 65_536)))
    #expect(!TopicName.isValid([0x61, 0xFF] as [UInt8]))
    #expect(!TopicName.isValid("a\0"))
    #expect(!TopicName.isValid("\0bcdefgh"))
    #expect(!TopicName.isValid(UnsafeRawBufferPointer(start: nil, count: 0)))
  }
}

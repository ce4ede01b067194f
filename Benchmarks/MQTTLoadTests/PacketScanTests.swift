import Testing

@testable import MQTTLoad

@Suite struct PacketScanTests {
  /// One of each packet that a server sends.
  private static let session: [UInt8] =
    [0x20, 2, 0, 0]  // CONNACK
    + [0x90, 3, 0, 1, 2]  // SUBACK
    + [0x30, 4, 0, 1, 0x61, 0x78]  // PUBLISH, QoS 0
    + [0x3B, 6, 0, 1, 0x61, 0, 7, 0x78]  // PUBLISH, QoS 1, duplicate and retained
    + [0x34, 5, 0, 1, 0x61, 1, 8]  // PUBLISH, QoS 2, no payload
    + [0x62, 2, 1, 8]  // PUBREL
    + [0x40, 2, 0, 9]  // PUBACK
    + [0x50, 2, 0, 10]  // PUBREC
    + [0x70, 2, 0, 10]  // PUBCOMP
    + [0xD0, 0]  // PINGRESP
    + RequestPackets.packet(0x30, [0, 1, 0x61] + Array(repeating: 0x78, count: 300))

  private static let expectedReplies: [UInt8] =
    [0x40, 2, 0, 7] + [0x50, 2, 1, 8] + [0x70, 2, 1, 8] + [0x62, 2, 0, 10]

  @Test("Counts and answers the same, however the bytes come in")
  func torn() throws {
    for place in 0...Self.session.count {
      var scan = PacketScan()
      var replies: [UInt8] = []
      var rest: [UInt8] = []
      for part in [Self.session[..<place], Self.session[place...]] {
        rest += part
        let used = try rest.withUnsafeBytes { try scan.run($0) }
        rest.removeFirst(used)
        scan.sendReplies { replies += $0 }
      }
      #expect(rest.isEmpty)
      #expect(replies == Self.expectedReplies)
      #expect(scan.messages == 4 && scan.completed == 2 && scan.answers == 3)
    }
  }

  @Test(
    "What a measurement cannot go on with is thrown",
    arguments: [
      [0x20, 2, 0, 5],  // CONNACK: not authorized
      [0x20, 1, 0], [0x90, 3, 0, 1, 0x80],  // SUBACK: refused
      [0x90, 2, 0, 1], [0x32, 1, 0], [0x32, 4, 0, 9, 0, 1], [0x50, 1, 0], [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0xE0, 0],
      [0x10, 0],
    ] as [[UInt8]])
  func failures(bytes: [UInt8]) {
    var scan = PacketScan()
    #expect(throws: LoadFailure.self) { try bytes.withUnsafeBytes { try scan.run($0) } }
  }

  @Test("Cleared, it has counted nothing")
  func clearing() throws {
    var scan = PacketScan()
    _ = try Self.session.withUnsafeBytes { try scan.run($0) }
    scan.clear()
    var hasReplies = false
    scan.sendReplies { _ in hasReplies = true }
    #expect(scan.messages == 0 && scan.completed == 0 && scan.answers == 0 && !hasReplies)
  }
}

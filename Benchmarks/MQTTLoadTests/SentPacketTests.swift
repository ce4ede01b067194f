import MQTTProtocol
import Testing

@testable import MQTTLoad

@Suite struct SentPacketTests {
  private func decode(_ bytes: UnsafeRawBufferPointer) throws -> (packet: ControlPacket, length: Int) {
    let header = try #require(try PacketFraming.readHeader(bytes, maximumPacketSize: 1 << 20))
    let body = UnsafeRawBufferPointer(rebasing: bytes[header.length..<header.packetLength])
    return (try ControlPacket.decode(header, body: body, version: .v3_1_1), header.packetLength)
  }

  private func decode(_ bytes: [UInt8]) throws -> ControlPacket {
    try bytes.withUnsafeBytes {
      let (packet, length) = try decode($0)
      #expect(length == bytes.count)
      return packet
    }
  }

  @Test("CONNECT, SUBSCRIBE, PINGREQ and DISCONNECT are what they should be")
  func requests() throws {
    guard case .connect(let connect) = try decode(RequestPackets.connect(clientIdentifier: "load-1", keepAlive: 300))
    else { throw LoadFailure("no CONNECT") }
    #expect(connect.clientIdentifier == "load-1" && connect.keepAlive == 300 && connect.version == .v3_1_1)
    guard case .subscribe(let subscribe) = try decode(RequestPackets.subscribe("bench/+/reading", qos: 2))
    else { throw LoadFailure("no SUBSCRIBE") }
    #expect(subscribe.subscriptions.map(\.filter) == ["bench/+/reading"])
    #expect(subscribe.subscriptions.map(\.qos) == [.exactlyOnce])
    guard case .pingreq = try decode(RequestPackets.ping) else { throw LoadFailure("no PINGREQ") }
    guard case .disconnect = try decode(RequestPackets.disconnect) else { throw LoadFailure("no DISCONNECT") }
  }

  @Test("Messages count on in time and, above QoS 0, in packet identifiers that are never 0", arguments: [0, 1, 2])
  func messages(qos: UInt8) throws {
    let topic = String(repeating: "t", count: 100)
    var template = MessageTemplate(topic: topic, qos: qos, time: 1_799_999_999_998)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 70_000 * template.size, alignment: 1)
    defer { memory.deallocate() }
    let bytes = template.write(70_000, to: memory)
    #expect(bytes.count == memory.count)
    var walk = ValueWalk(seed: topic.utf8.reduce(1) { $0 &* 31 &+ UInt64($1) })
    var start = 0
    for index in 1...70_000 {
      walk.step()
      let (packet, length) = try decode(UnsafeRawBufferPointer(rebasing: bytes[start...]))
      guard case .publish(let message) = packet else { throw LoadFailure("no PUBLISH") }
      let payload = "{\"temperature\":\(walk.text),\"ts\":\(1_799_999_999_998 + index)}"
      try #require(String(decoding: message.payload, as: UTF8.self) == payload)
      try #require(message.qos.rawValue == qos)
      try #require(message.packetIdentifier == (qos == 0 ? 0 : UInt16((index - 1) % 65_535 + 1)))
      start += length
    }
    #expect(start == bytes.count)
  }
}

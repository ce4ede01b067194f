import MQTTProtocol
import Testing

@Suite("PUBLISH in place")
struct PublishViewTests {
  private func withView(
    _ bytes: [UInt8], version: ProtocolVersion, _ body: (PublishView) throws -> Void
  ) throws {
    try bytes.withUnsafeBytes { buffer in
      let header = try #require(try PacketFraming.readHeader(buffer, maximumPacketSize: .max))
      let packet = UnsafeRawBufferPointer(rebasing: buffer[header.length..<header.packetLength])
      try body(try PublishView.decode(header, body: packet, version: version))
    }
  }

  @Test("the view sees what the packet says, and writes it again")
  func againstPacket() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2_000 {
      let version = generator.pick(SeededGenerator.versions)
      guard case .publish(let publish) = generator.packet(.publish, version: version) else { continue }
      let bytes = ControlPacket.publish(publish).encoded(version: version)
      try withView(bytes, version: version) { view in
        let copy = try PublishPacket(view)
        #expect(copy == publish)
        #expect(Array(view.properties) == publish.properties.encodedRaw())
        let size = PublishEncoder.encodedSize(
          topicLength: view.topic.count, propertiesLength: view.properties.count, payloadLength: view.payload.count,
          qos: view.qos, version: version)
        #expect(size == bytes.count)
        var memory = [UInt8](repeating: 0xAA, count: size + 1)
        let written = memory.withUnsafeMutableBytes { output in
          PublishEncoder.encode(
            topic: view.topic, properties: view.properties, payload: view.payload, qos: view.qos, retain: view.retain,
            duplicate: view.duplicate, packetIdentifier: view.packetIdentifier, version: version, into: output)
        }
        #expect(written == size)
        #expect(memory == bytes + [0xAA])
        expectSummary(view, of: publish.properties)
      }
    }
  }

  private func expectSummary(_ view: PublishView, of properties: Properties) {
    #expect(view.summary.topicAlias == properties.topicAlias ?? 0)
    #expect(view.summary.messageExpiryInterval == properties.messageExpiryInterval)
    #expect(view.summary.payloadIsUTF8 == properties.payloadIsUTF8 ?? false)
    #expect(view.summary.hasSubscriptionIdentifier == !properties.subscriptionIdentifiers.isEmpty)
    let responseTopic = view.summary.responseTopic.map { Array(view.properties[$0]) }
    #expect(responseTopic == properties.responseTopic.map { Array($0.utf8) })
    #expect(view.summary.correlationData.map { Array(view.properties[$0]) } == properties.correlationData)
  }

  @Test("nothing is copied")
  func pointsIntoTheBuffer() throws {
    let bytes = frame(0x32, "0003 'a/b' 0001 02 01 01 'payload'")
    try bytes.withUnsafeBytes { buffer in
      let header = try #require(try PacketFraming.readHeader(buffer, maximumPacketSize: .max))
      let view = try PublishView.decode(
        header, body: UnsafeRawBufferPointer(rebasing: buffer[header.length...]), version: .v5)
      #expect(view.topic.baseAddress == buffer.baseAddress.map { $0 + 4 })
      #expect(view.properties.baseAddress == buffer.baseAddress.map { $0 + 10 })
      #expect(view.payload.baseAddress == buffer.baseAddress.map { $0 + 12 })
      #expect(view.payload.count == 7)
    }
  }

  @Test("properties are ignored below MQTT 5, and DUP at QoS 0")
  func encoderIgnores() {
    let topic: [UInt8] = [0x74]
    let properties: [UInt8] = [0x01, 0x01]
    var memory = [UInt8](repeating: 0, count: 16)
    let written = memory.withUnsafeMutableBytes { output in
      topic.withUnsafeBytes { topic in
        properties.withUnsafeBytes { properties in
          PublishEncoder.encode(
            topic: topic, properties: properties, payload: UnsafeRawBufferPointer(start: nil, count: 0),
            qos: .atMostOnce, retain: true, duplicate: true, packetIdentifier: 9, version: .v3_1_1, into: output)
        }
      }
    }
    #expect(Array(memory.prefix(written)) == wire("31 03 0001 't'"))
  }

  @Test("a body of another length than the header says is malformed", arguments: [5, 7])
  func wrongBodyLength(remainingLength: Int) {
    let body = wire("0001 't' 0001 'x'")
    let header = FixedHeader(type: .publish, flags: 0b0010, length: 2, remainingLength: remainingLength)
    #expect(throws: MQTTDecodeError.self) {
      _ = try body.withUnsafeBytes { try PublishView.decode(header, body: $0, version: .v3_1_1) }
    }
  }

  @Test("a header that was not read from the wire is not trusted")
  func untrustedHeader() {
    let body = wire("0001 't' 0001")
    for flags in [UInt8(0b0110), 0b1000, 0b1110] {
      let header = FixedHeader(type: .publish, flags: flags, length: 2, remainingLength: body.count)
      #expect(throws: MQTTDecodeError.self) {
        _ = try body.withUnsafeBytes { try PublishView.decode(header, body: $0, version: .v3_1_1) }
      }
    }
  }
}

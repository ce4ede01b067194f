import MQTTProtocol
import Testing

@Suite("Packets on the wire")
struct PacketFixtureTests {
  @Test("valid packets are read", arguments: ValidFixture.all)
  func decodesValid(fixture: ValidFixture) throws {
    #expect(try decode(fixture.bytes, version: fixture.version) == fixture.packet)
  }

  @Test("and written", arguments: ValidFixture.all)
  func encodesValid(fixture: ValidFixture) throws {
    let bytes = fixture.packet.encoded(version: fixture.version)
    #expect(bytes.count == fixture.packet.encodedSize(version: fixture.version))
    if fixture.isCanonical {
      #expect(bytes == fixture.bytes)
    } else {
      #expect(try decode(bytes, version: fixture.version) == fixture.packet)
    }
  }

  @Test("malformed packets are refused with the rule that they break", arguments: MalformedFixture.all)
  func refusesMalformed(fixture: MalformedFixture) throws {
    let error = try #require(decodeError(fixture.bytes, version: fixture.version))
    #expect(error.reasonCode == fixture.reasonCode)
    #expect(error.explanation.description.contains(fixture.rule), "\(error.explanation)")
  }

  @Test("there is a fixture of every type, valid and malformed")
  func coversEveryType() {
    #expect(Set(ValidFixture.all.map(\.packet.type)) == Set(PacketType.allCases))
    let malformed = Set(MalformedFixture.all.compactMap { PacketType(rawValue: $0.bytes[0] >> 4) })
    #expect(malformed == Set(PacketType.allCases))
  }

  @Test("a packet torn at any offset needs more bytes", arguments: ValidFixture.all)
  func tornStream(fixture: ValidFixture) throws {
    for count in fixture.bytes.indices {
      #expect(try decode(Array(fixture.bytes.prefix(count)), version: fixture.version) == nil, "\(count)")
    }
  }

  @Test("a body torn at any offset is malformed, or a shorter packet", arguments: ValidFixture.all)
  func tornBody(fixture: ValidFixture) throws {
    let body = Array(try body(of: fixture.bytes))
    for count in body.indices {
      let shorter = frame(fixture.bytes[0], Array(body.prefix(count)))
      let isValid = fixture.validCuts.contains { $0.contains(count) }
      let error = decodeError(shorter, version: fixture.version)
      #expect((error == nil) == isValid, "\(count): \(String(describing: error))")
    }
    for cut in fixture.validCuts { #expect(cut.upperBound <= body.count) }
  }

  @Test("a body shorter or longer than its header says is malformed", arguments: ValidFixture.all)
  func wrongBodyLength(fixture: ValidFixture) throws {
    let body = Array(try body(of: fixture.bytes))
    let header = try #require(try readHeader(fixture.bytes))
    for other in [Array(body.dropLast()), body + [0]] where other.count != body.count {
      #expect(throws: MQTTDecodeError.self) {
        try other.withUnsafeBytes { try ControlPacket.decode(header, body: $0, version: fixture.version) }
      }
    }
  }

  @Test("malformed packets torn at any offset never trap", arguments: MalformedFixture.all)
  func tornMalformed(fixture: MalformedFixture) {
    for count in fixture.bytes.indices.dropFirst(2) {
      _ = decodeError(frame(fixture.bytes[0], Array(fixture.bytes[2..<count])), version: fixture.version)
    }
  }

  @Test("a stream read byte by byte gives the same packets", arguments: [ProtocolVersion.v3_1, .v3_1_1, .v5])
  func byteByByte(version: ProtocolVersion) throws {
    let fixtures = ValidFixture.all.filter { $0.version == version }
    var received = [UInt8]()
    var packets = [ControlPacket]()
    for byte in fixtures.flatMap(\.bytes) {
      received.append(byte)
      if let packet = try decode(received, version: version) {
        packets.append(packet)
        received = []
      }
    }
    #expect(received.isEmpty)
    #expect(packets == fixtures.map(\.packet))
  }

  private func readHeader(_ bytes: [UInt8]) throws -> FixedHeader? {
    try bytes.withUnsafeBytes { try PacketFraming.readHeader($0, maximumPacketSize: .max) }
  }

  private func body(of bytes: [UInt8]) throws -> ArraySlice<UInt8> {
    bytes.dropFirst(try #require(try readHeader(bytes)).length)
  }
}

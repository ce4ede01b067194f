import MQTTProtocol
import Testing

/// Packets with a few bytes changed: whatever comes out, nothing traps, and what is accepted means the same again.
@Suite("Mutated packets")
struct MutationFuzzTests {
  @Test("200,000 mutated packets", arguments: 0..<4)
  func mutatedPackets(part: Int) throws {
    var generator = SeededGenerator(seed: 0xF0_2211 + UInt64(part))
    let corpus = Self.corpus(&generator)
    var accepted = 0
    for _ in 0..<50_000 {
      let (original, version) = generator.pick(corpus)
      let bytes = mutate(original, &generator)
      let packet: ControlPacket?
      do throws(MQTTDecodeError) {
        packet = try decode(bytes, version: version, maximumPacketSize: 1 << 20)
      } catch {
        #expect(error.reasonCode.isError)
        continue
      }
      guard let packet else { continue }
      accepted += 1
      let again = if case .connect(let connect) = packet { connect.version } else { version }
      let second = try decode(packet.encoded(version: again), version: again)
      guard second != packet else { continue }
      Issue.record("\(bytes) in \(version) read as \(packet), then as \(String(describing: second))")
    }
    // Mutations that leave a packet valid must happen, or the second half of this test says nothing.
    #expect(accepted > 5_000)
  }

  @Test("bytes of no packet at all")
  func randomBytes() {
    var generator = SeededGenerator(seed: 99)
    for _ in 0..<20_000 {
      let bytes = frame(generator.byte(), generator.bytes(0...40))
      _ = decodeError(bytes, version: generator.pick(SeededGenerator.versions))
    }
  }

  private static func corpus(_ generator: inout SeededGenerator) -> [([UInt8], ProtocolVersion)] {
    var corpus = ValidFixture.all.map { ($0.bytes, $0.version) }
    for type in PacketType.allCases {
      for _ in 0..<20 {
        let version = type == .auth ? .v5 : generator.pick(SeededGenerator.versions)
        corpus.append((generator.packet(type, version: version).encoded(version: version), version))
      }
    }
    return corpus
  }

  private func mutate(_ original: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<generator.number(1...3) where !bytes.isEmpty {
      let index = generator.number(0...bytes.count - 1)
      switch generator.number(0...5) {
      case 0: bytes[index] ^= 1 << UInt8(generator.number(0...7))
      case 1: bytes[index] = generator.byte()
      case 2: bytes[index] = generator.pick([0x00, 0x01, 0x7F, 0x80, 0xFF, 0x2B, 0x23])
      case 3: bytes.remove(at: index)
      case 4: bytes.insert(generator.byte(), at: index)
      default: bytes.removeLast(generator.number(0...min(8, bytes.count - 1)))
      }
    }
    // Mostly a length that fits, so that the body is reached.
    guard bytes.count > 2, bytes.count < 130, generator.once(in: 2) else { return bytes }
    bytes[1] = UInt8(bytes.count - 2)
    return bytes
  }
}

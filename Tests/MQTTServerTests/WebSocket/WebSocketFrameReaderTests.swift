import NIOCore
import Testing

@testable import MQTTServer

@Suite struct WebSocketFrameReaderTests {
  private struct Result {
    var stream: [UInt8] = []
    var control: [WebSocketControlFrame] = []
  }

  private func read(_ parts: [ArraySlice<UInt8>]) throws(WebSocketViolation) -> Result {
    var reader = WebSocketFrameReader()
    var result = Result()
    for part in parts {
      var stream = ByteBuffer()
      var violation: WebSocketViolation?
      part.withUnsafeBytes { bytes in
        var rest = bytes
        do throws(WebSocketViolation) {
          while let frame = try reader.read(&rest, into: &stream) { result.control.append(frame) }
        } catch {
          violation = error
        }
      }
      if let violation { throw violation }
      result.stream += Array(stream.readableBytesView)
    }
    return result
  }

  private static let long = (0..<70_000).map { UInt8($0 % 251) }

  /// Frames and fragments of all kinds, control frames between fragments.
  private static let frames: [WebSocketPeer.Frame] = [
    .binary([1, 2, 3]), .binary([]), .ping("hello"), .binary([4], isFinal: false), .ping(),
    .continuation([5, 6], isFinal: false),
    .pong("late"), .continuation([], isFinal: false), .continuation([7]), .binary((0..<126).map { UInt8($0) }),
    .binary(Array(repeating: 9, count: 200), isFinal: false), .continuation([8]), .pong(),
    .ping(String(repeating: "x", count: 125)), .close(1000, "done"),
  ]

  @Test func readsTheSameWhereverItIsTorn() throws {
    let bytes = Self.frames.flatMap(\.bytes)
    let expected = Self.frames.filter { $0.opcode <= 2 }.flatMap(\.payload)
    let control: [WebSocketControlFrame] = [
      .ping(Array("hello".utf8)), .ping([]), .pong, .pong, .ping(Array(repeating: 0x78, count: 125)), .close(.normal),
    ]
    let byteByByte = try read(bytes.indices.map { bytes[$0...$0] })
    #expect(byteByByte.stream == expected)
    #expect(byteByByte.control == control)
    for cut in 0...bytes.count {
      let torn = try read([bytes[..<cut], bytes[cut...]])
      #expect(torn.stream == expected, "cut at \(cut)")
      #expect(torn.control == control, "cut at \(cut)")
    }
  }

  @Test(arguments: [125, 126, 127, 0xFFFF, 0x1_0000, 70_000]) func readsEveryFormOfLength(count: Int) throws {
    let payload = Array(Self.long.prefix(count))
    let bytes = WebSocketPeer.Frame.binary(payload).bytes
    #expect(try read([bytes[...]]).stream == payload)
    #expect(try read([bytes.prefix(3), bytes.dropFirst(3)]).stream == payload)
  }

  /// No payload is held: what has come of a frame that never ends is out.
  @Test func holdsNothingOfAFrame() throws {
    let bytes: [UInt8] = [0x82, 0xFF, 0x7F, 0, 0, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0] + [1, 2, 3]
    var longest = bytes
    for index in 2..<9 { longest[index] = index == 2 ? 0x7F : 0xFF }
    #expect(try read([longest[...]]).stream == [1, 2, 3])
    #expect(MemoryLayout<WebSocketFrameReader>.size <= 64)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let code: UInt16
    let testDescription: String

    init(_ bytes: [UInt8], _ code: UInt16, _ description: String) {
      self.bytes = bytes
      self.code = code
      testDescription = description
    }
  }

  static let faults: [Fault] =
    [
      Fault([0x81], 1003, "text"),
      Fault([0x01], 1003, "text in fragments"),
      Fault([0x82, 0x01], 1002, "binary without mask"),
      Fault([0x89, 0x00], 1002, "ping without mask"),
      Fault([0xC2], 1002, "reserved bit 1"), Fault([0xA2], 1002, "reserved bit 2"),
      Fault([0x92], 1002, "reserved bit 3"),
      Fault([0x80], 1002, "continuation of nothing"),
      Fault(WebSocketPeer.Frame.binary([1], isFinal: false).bytes + [0x82], 1002, "message within a message"),
      Fault(
        WebSocketPeer.Frame.binary([1], isFinal: false).bytes + WebSocketPeer.Frame.continuation([2]).bytes + [0x80],
        1002, "continuation after the end"),
      Fault([0x09], 1002, "ping in fragments"), Fault([0x0A], 1002, "pong in fragments"),
      Fault([0x08], 1002, "close in fragments"),
      Fault([0x89, 0xFE], 1002, "ping of 126 bytes"), Fault([0x88, 0xFF], 1002, "long close"),
      Fault([0x82, 0xFE, 0x00, 0x7D], 1002, "125 in the form of two bytes"),
      Fault([0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 1002, "65,535 in the form of eight bytes"),
      Fault([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002, "a length with its sign bit set"),
      Fault(WebSocketPeer.Frame(opcode: 8, payload: [3]).bytes, 1002, "half a close code"),
      Fault(WebSocketPeer.Frame.close(999).bytes, 1002, "close code 999"),
      Fault(WebSocketPeer.Frame.close(1004).bytes, 1002, "close code 1004"),
      Fault(WebSocketPeer.Frame.close(1005).bytes, 1002, "close code 1005"),
      Fault(WebSocketPeer.Frame.close(1006).bytes, 1002, "close code 1006"),
      Fault(WebSocketPeer.Frame.close(1015).bytes, 1002, "close code 1015"),
      Fault(WebSocketPeer.Frame.close(2999).bytes, 1002, "close code 2999"),
      Fault(WebSocketPeer.Frame.close(5000).bytes, 1002, "close code 5000"),
      Fault(WebSocketPeer.Frame(opcode: 8, payload: [3, 0xE8, 0xC3]).bytes, 1007, "close reason that is not UTF-8"),
    ] + (3...7).map { Fault([0x80 | $0], 1002, "opcode \($0)") }
    + (11...15).map { Fault([0x80 | $0], 1002, "opcode \($0)") }

  @Test(arguments: faults) func refusesWhatIsWrong(fault: Fault) {
    let violation = #expect(throws: WebSocketViolation.self) { try read([fault.bytes[...]]) }
    #expect(violation?.code.rawValue == fault.code)
    let torn = #expect(throws: WebSocketViolation.self) { try read(fault.bytes.indices.map { fault.bytes[$0...$0] }) }
    #expect(torn?.code.rawValue == fault.code)
    // Nothing before its last byte is wrong.
    #expect(throws: Never.self) { try read([fault.bytes.dropLast()]) }
  }

  @Test(arguments: [1000, 1001, 1003, 1007, 1011, 1012, 1014, 3000, 4999] as [UInt16])
  func takesEveryCodeThatMayBeSent(code: UInt16) throws {
    let read = try read([WebSocketPeer.Frame.close(code, "é").bytes[...]])
    #expect(read.control == [.close(WebSocketCloseCode(rawValue: code))])
  }

  /// Random bytes never trap, and never make the stream longer than they are.
  @Test func survivesRandomBytes() {
    var generator = SplitMix(state: 7)
    for _ in 0..<20_000 {
      let count = Int(generator.next() % 64)
      var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      // Half of them begin well.
      if generator.next() % 2 == 0, bytes.count > 1 {
        bytes[0] = [0x82, 0x02, 0x89, 0x88, 0x80].randomElement(using: &generator) ?? 0x82
        bytes[1] |= 0x80
      }
      if let result = try? read([bytes[...]]) { #expect(result.stream.count <= bytes.count) }
    }
  }
}

/// A small deterministic generator. (SplitMix64, Steele et al. 2014)
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

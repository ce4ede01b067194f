import Testing
import TimeSeriesTestSupport

@testable import TimeSeriesStorage

/// Chunks of texts, booleans and mixed values, made of blocks and read into blocks.
@Suite struct TextChunkTests {
  static let values: [(name: String, values: [Value])] = [
    ("booleans", (0..<256).map { .boolean($0 % 3 == 0) }),
    ("one text", [.text("")]),
    ("few texts", (0..<256).map { .text(["open", "closed", "a text longer than fifteen bytes", "ö\u{0}€"][$0 % 4]) }),
    ("every text another", (0..<256).map { .text("text \($0)") }),
    ("mixed", (0..<256).map { mixed($0) }),
    ("two kinds", [.boolean(true), .number(.nan), .number(-0.0), .boolean(false)]),
  ]

  private static func mixed(_ place: Int) -> Value {
    switch place % 5 {
    case 0: .text("state \(place % 3)")
    case 1: .boolean(place % 2 == 0)
    default: .number(Double(place) / 3)
    }
  }

  private static func block(_ values: [Value]) -> Block {
    var editor = BlockEditor()
    var block = Block.none
    for (place, value) in values.enumerated() {
      let time = Int64(place) * 1_000
      switch value {
      case .number(let number):
        editor.append(StoredReading(time: time, bits: number.bitPattern, kind: .number), to: &block)
      case .boolean(let boolean):
        editor.append(StoredReading(time: time, bits: boolean ? 1 : 0, kind: .boolean), to: &block)
      case .text(let text):
        editor.append(StoredReading(time: time, text: text), to: &block)
      }
    }
    return block
  }

  private static func bytes(_ values: [Value]) -> [UInt8] {
    Chunk.encode(block(values), 0..<values.count).bytes
  }

  @Test(arguments: values.indices) func readsWhatWasWritten(index: Int) throws {
    let values = Self.values[index].values
    let block = Self.block(values)
    let decoded = try Chunk.make(Self.bytes(values)).decode()
    #expect(decoded.count == block.count)
    #expect(decoded.kind == block.kind)
    #expect(decoded.textBytes == block.textBytes)
    for place in values.indices {
      #expect(decoded.time(at: place) == block.time(at: place))
      #expect(decoded.kind(at: place) == block.kind(at: place))
      // Bit for bit, where a comparison of numbers would not see it.
      if block.kind(at: place) != .text { #expect(decoded.bits(at: place) == block.bits(at: place)) }
      if block.kind(at: place) == .text { #expect(decoded.value(at: place) == values[place]) }
    }
  }

  @Test func aTextThatRepeatsIsThereOnce() {
    #expect(Self.bytes((0..<256).map { _ in .text(String(repeating: "x", count: 200)) }).count < 200 + 100)
  }

  @Test(arguments: values.indices) func aTornChunkIsSaidToBe(index: Int) {
    let bytes = Self.bytes(Self.values[index].values)
    for length in 0..<bytes.count {
      #expect(throws: ChunkFault.self) { try Chunk.make(Array(bytes.prefix(length))).decode() }
    }
  }

  @Test(arguments: 0..<20) func damageNeverTraps(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      var bytes = Self.bytes(Self.values[Int.random(in: 0..<Self.values.count, using: &generator)].values)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0 ... .max, using: &generator)
      }
      // Whatever it says, it comes back, and in order.
      guard let block = try? Chunk.make(bytes).decode() else { continue }
      for place in 1..<max(1, block.count) { #expect(block.time(at: place) > block.time(at: place - 1)) }
      for place in 0..<block.count { _ = block.value(at: place) }
    }
  }
}

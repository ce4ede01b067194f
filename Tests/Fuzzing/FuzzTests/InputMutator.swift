/// Changes inputs as libFuzzer does, without its eye for what is new.
struct InputMutator {
  private var generator: SeededGenerator
  private let corpus: [[UInt8]]

  init(seed: UInt64, corpus: [[UInt8]]) {
    generator = SeededGenerator(seed: seed)
    self.corpus = corpus
  }

  /// An input of the corpus with a few changes.
  mutating func next(maximumBytes: Int) -> [UInt8] {
    var bytes = corpus.randomElement(using: &generator) ?? []
    for _ in 0..<Int.random(in: 1...5, using: &generator) { change(&bytes) }
    return Array(bytes.prefix(maximumBytes))
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let isByte = place < bytes.count
    switch Int.random(in: 0..<8, using: &generator) {
    case 0 where isByte: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
    case 1 where isByte: bytes[place] = .random(in: 0...255, using: &generator)
    case 2 where isByte: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, 0x2B, 0x23].randomElement(using: &generator) ?? 0
    case 3 where isByte: bytes.remove(at: place)
    case 4: bytes.insert(.random(in: 0...255, using: &generator), at: place)
    case 5 where isByte: bytes.removeSubrange(place..<Int.random(in: place...bytes.count, using: &generator))
    case 6:
      // The beginning of one, and the end of another.
      let other = corpus.randomElement(using: &generator) ?? []
      bytes = bytes[..<place] + other.suffix(Int.random(in: 0...other.count, using: &generator))
    default:
      let end = Int.random(in: place...bytes.count, using: &generator)
      bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
    }
  }
}

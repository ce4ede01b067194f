/// A value of two digits and two decimals that moves by up to three hundredths, or not, at every step.
struct ValueWalk {
  /// In hundredths: neither end is passed, so that the text keeps its length.
  static let range = 1_001...9_998

  private(set) var hundredths: Int
  private var state: UInt64

  /// The same seed gives the same values.
  init(seed: UInt64) {
    // xorshift never leaves zero.
    state = seed | 1
    hundredths = 1_500 + Int(seed % 1_000)
  }

  /// As JSON.
  var text: String {
    var bytes: [UInt8] = [0, 0, 0, 0, 0]
    write(to: &bytes, at: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func step() {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    // Of 16 cases seven stay, and each of one, two and three hundredths has three: up in one half, down in the other.
    let draw = Int(state >> 60)
    guard draw < 9 else { return }
    let distance = draw % 3 + 1
    let moved = hundredths + (state >> 59 & 1 == 0 ? distance : -distance)
    if Self.range.contains(moved) { hundredths = moved }
  }

  /// Writes the five characters.
  func write(to bytes: inout [UInt8], at place: Int) {
    bytes[place] = 0x30 + UInt8(hundredths / 1_000)
    bytes[place + 1] = 0x30 + UInt8(hundredths / 100 % 10)
    bytes[place + 2] = 0x2E
    bytes[place + 3] = 0x30 + UInt8(hundredths / 10 % 10)
    bytes[place + 4] = 0x30 + UInt8(hundredths % 10)
  }
}

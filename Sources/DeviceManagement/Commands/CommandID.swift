/// Makes command identifiers: 48 bits of time, then 80 random bits, in Crockford's base 32 (no I, L, O, U).
enum CommandID {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  static let length = 26

  /// - Parameter time: Unix milliseconds, taken into 48 bits.
  static func make(time: Int64, random: (UInt64, UInt64)) -> String {
    let time = UInt64(clamping: time) & 0xFFFF_FFFF_FFFF
    let high = time << 16 | (random.0 & 0xFFFF)
    let bits = UInt128(high) << 64 | UInt128(random.1)
    return String(unsafeUninitializedCapacity: length) { characters in
      for index in 0..<length {
        let shift = UInt128((length - 1 - index) * 5)
        characters[index] = alphabet[Int(truncatingIfNeeded: (bits >> shift) & 31)]
      }
      return length
    }
  }
}

import Testing

@testable import MQTTServer

@Suite struct WebSocketMaskTests {
  /// Whatever the length and wherever it is cut, byte i is masked with byte i mod 4 of the key.
  @Test func unmasksAcrossEveryCut() {
    let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    let number = key.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    for length in 0...40 {
      let masked = (0..<length).map { UInt8($0 * 7 & 0xFF) }
      let expected = masked.enumerated().map { $1 ^ key[$0 % 4] }
      for cut in 0...length {
        var mask = WebSocketMask(littleEndian: number)
        var result: [UInt8] = []
        for part in [masked[..<cut], masked[cut...]] {
          var unmasked = [UInt8](repeating: 0, count: part.count)
          Array(part).withUnsafeBytes { source in
            unmasked.withUnsafeMutableBytes { mask.unmask(source, into: $0) }
          }
          result += unmasked
        }
        #expect(result == expected, "\(length) bytes cut at \(cut)")
      }
    }
  }
}

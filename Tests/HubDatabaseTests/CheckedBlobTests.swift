import Testing

@testable import HubDatabase

@Suite struct CheckedBlobTests {
  /// RFC 3720 §B.4.
  private static let checksums: [(bytes: [UInt8], expected: UInt32)] = [
    (Array(repeating: 0, count: 32), 0x8A91_36AA), (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C), ([], 0),
  ]

  @Test(arguments: checksums) func checksum(bytes: [UInt8], expected: UInt32) {
    #expect(bytes.withUnsafeBytes { CRC32C.checksum(of: $0) } == expected)
    #expect(bytes.withUnsafeBytes { CRC32C.checksumByTables(of: $0) } == expected)
  }

  @Test func anyLengthHasTheChecksumOfItsBytes() {
    var random = SeededGenerator(seed: 32)
    let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
    for count in 0..<bytes.count {
      var expected = UInt32.max
      for byte in bytes[..<count] {
        expected ^= UInt32(byte)
        for _ in 0..<8 { expected = expected & 1 == 1 ? expected >> 1 ^ 0x82F6_3B78 : expected >> 1 }
      }
      #expect(bytes[..<count].withUnsafeBytes { CRC32C.checksum(of: $0) } == ~expected)
      #expect(bytes[..<count].withUnsafeBytes { CRC32C.checksumByTables(of: $0) } == ~expected)
    }
  }

  @Test func everyFlippedBitIsNoticed() {
    let content = Array("21.5 degrees".utf8)
    var blob = CheckedBlob.blob(of: content)
    #expect(blob.withUnsafeBytes { CheckedBlob.content(of: $0).map(Array.init) } == content)
    for bit in 0..<blob.count * 8 {
      blob[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(blob.withUnsafeBytes { CheckedBlob.content(of: $0) == nil })
      blob[bit / 8] ^= 1 << UInt8(bit % 8)
    }
    for end in 0..<4 { #expect(Array(blob[..<end]).withUnsafeBytes { CheckedBlob.content(of: $0) == nil }) }
  }
}

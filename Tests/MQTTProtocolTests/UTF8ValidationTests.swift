import Testing

@testable import MQTTProtocol

/// Against the standard library's own validation.
@Suite("UTF-8 on the wire")
struct UTF8ValidationTests {
  private func requireAgreement(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let isText = String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)
    let hasWildcard = bytes.contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") }
    let (isValid, isValidName) = bytes.withUnsafeBytes {
      (UTF8Validation.isValid($0), UTF8Validation.isValidWithoutWildcards($0))
    }
    // Only on failure: expectations are too slow for so many cases. The first one ends the test.
    if isValid != isText || isValidName != (isText && !hasWildcard) {
      try #require(isValid == isText, "\(bytes)", sourceLocation: sourceLocation)
      try #require(isValidName == (isText && !hasWildcard), "\(bytes), as a name", sourceLocation: sourceLocation)
    }
  }

  @Test("every single byte at every place in strings of up to 20 bytes")
  func singleBytes() throws {
    for count in 1...20 {
      for index in 0..<count {
        var bytes = [UInt8](repeating: 0x61, count: count)
        for byte in UInt8.min...UInt8.max {
          bytes[index] = byte
          try requireAgreement(bytes)
        }
      }
    }
  }

  @Test("every pair of bytes")
  func pairs() throws {
    for first in UInt8(0x7F)...0xFF {
      for second in UInt8.min...UInt8.max { try requireAgreement([first, second]) }
    }
  }

  @Test("every first two bytes of longer characters, with the borders of what follows")
  func longer() throws {
    let borders: [UInt8] = [0x7F, 0x80, 0xBF, 0xC0]
    for first in UInt8(0xE0)...0xF8 {
      for second in UInt8(0x7E)...0xC1 {
        for third in borders {
          try requireAgreement([first, second, third])
          for fourth in borders { try requireAgreement([0x61, first, second, third, fourth]) }
        }
      }
    }
  }

  @Test("characters across the eight-byte words")
  func acrossWords() throws {
    for character in ["é", "ж", "€", "\u{D7FF}", "\u{E000}", "😀", "\u{10FFFF}"] {
      for before in 0...17 {
        for after in 0...9 {
          let bytes = [UInt8](repeating: 0x61, count: before) + Array(character.utf8)
          try requireAgreement(bytes + [UInt8](repeating: 0x62, count: after))
          for cut in 1..<character.utf8.count { try requireAgreement(Array(bytes.dropLast(cut))) }
        }
      }
    }
  }

  @Test("random text with random damage")
  func random() throws {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<20_000 {
      var bytes = Array(generator.text(0...12).utf8)
      if !bytes.isEmpty, generator.bool() { bytes[generator.number(0...bytes.count - 1)] = generator.byte() }
      try requireAgreement(bytes)
    }
  }

  @Test("the explicit refusals of the specification")
  func refusals() {
    for bytes: [UInt8] in [[0x00], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
      #expect(!bytes.withUnsafeBytes { UTF8Validation.isValid($0) })  // [MQTT-1.5.4-1], [MQTT-1.5.4-2]
    }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    #expect(byteOrderMark.withUnsafeBytes { UTF8Validation.isValid($0) })  // [MQTT-1.5.4-3]
  }
}

import CCRC32C

/// CRC-32C (RFC 3720 §12.1): what SQLite does not check is whether a page's content is what was written.
enum CRC32C {
  /// 256 entries for each of eight bytes: what a byte does to the checksum when so many come behind it.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      tables[byte] = (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
    }
    for place in 256..<8 * 256 {
      let former = tables[place - 256]
      tables[place] = former >> 8 ^ tables[Int(former & 0xFF)]
    }
    return tables
  }()

  private static let hasInstruction = crc32c_has_instruction()

  static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    hasInstruction ? ~crc32c_by_instruction(.max, bytes.baseAddress, bytes.count) : checksumByTables(of: bytes)
  }

  /// Eight bytes at a time.
  static func checksumByTables(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var crc = UInt32.max
      var place = 0
      while place + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) ^ UInt64(crc)
        crc = 0
        // The first byte has the most bytes behind it.
        for byte in 0..<8 {
          crc ^= tables[(7 - byte) * 256 + Int(truncatingIfNeeded: (word >> UInt64(8 * byte)) & 0xFF)]
        }
        place += 8
      }
      while place < bytes.count {
        crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[place])]
        place += 1
      }
      return ~crc
    }
  }
}

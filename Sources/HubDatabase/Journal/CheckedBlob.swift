/// Bytes with their checksum in the last four, as the file holds chunks and rows of the journal.
enum CheckedBlob {
  static let checksumBytes = 4

  /// The bytes before the checksum; nil where it does not fit them.
  static func content(of blob: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard blob.count >= checksumBytes else { return nil }
    let content = UnsafeRawBufferPointer(rebasing: blob.dropLast(checksumBytes))
    let checksum = UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: content.count, as: UInt32.self))
    return CRC32C.checksum(of: content) == checksum ? content : nil
  }

  static func blob(of content: [UInt8]) -> [UInt8] {
    let checksum = content.withUnsafeBytes { CRC32C.checksum(of: $0) }
    return content + (0..<checksumBytes).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }
  }
}

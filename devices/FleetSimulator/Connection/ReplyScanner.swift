import MQTTProtocol

/// Finds whole packets in what a hub sends, across reads.
struct ReplyScanner {
  /// Far above any answer to a publisher; a hub that sends more is not one.
  static let maximumPacketSize = 64 * 1024

  /// The bytes of a packet that has not come in whole yet.
  private var pending: [UInt8] = []

  /// Whether the beginning of a packet has come in, and its end has not.
  var isInsidePacket: Bool { !pending.isEmpty }

  /// Calls `body` with each whole packet of `bytes`, after what was left over from before.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ body: (FixedHeader, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    if pending.isEmpty {
      let used = try Self.scanWhole(bytes, body)
      if used < bytes.count { pending.append(contentsOf: bytes[used...]) }
      return
    }
    pending.append(contentsOf: bytes)
    let used = try pending.withUnsafeBytes { try Self.scanWhole($0, body) }
    pending.removeFirst(used)
  }

  /// Returns the bytes that were whole packets.
  private static func scanWhole(
    _ bytes: UnsafeRawBufferPointer, _ body: (FixedHeader, UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    var used = 0
    while used < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[used...])
      guard let header = try PacketFraming.readHeader(rest, maximumPacketSize: maximumPacketSize),
        rest.count >= header.packetLength
      else { return used }
      try body(header, UnsafeRawBufferPointer(rebasing: rest[header.length..<header.packetLength]))
      used += header.packetLength
    }
    return used
  }
}

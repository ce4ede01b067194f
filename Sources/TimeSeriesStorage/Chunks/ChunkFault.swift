/// Why bytes are no chunk.
package enum ChunkFault: Error, Equatable, Sendable {
  /// Of a newer version, or no chunk at all.
  case unknownFormat(UInt8)
  case damaged(String)
}

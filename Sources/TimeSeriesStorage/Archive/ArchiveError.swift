/// Why older readings could not be read.
package enum ArchiveError: Error, Equatable, Sendable {
  /// What the archive itself said.
  case unreadable(String)
  case damaged(ChunkFault)
}

/// The buckets of one series and level in a range of time, as they were at one moment.
package struct RollupSnapshot: Sendable {
  package enum Part: Sendable {
    /// Those buckets of a segment that begin in the range.
    case stored(RollupSegment, Range<Int64>)
    /// Made of the readings themselves.
    case computed([Rollup])

    /// One field of its buckets, in order of time: their starts are the times, and a count is a number.
    package func column(_ field: RollupSegment.Field) throws(ArchiveError) -> ReadingColumns {
      switch self {
      case .computed(let rollups): return RollupSegment.column(field, of: rollups)
      case .stored(let segment, let range):
        do throws(ChunkFault) {
          return try segment.column(field).within(range)
        } catch {
          throw .damaged(error)
        }
      }
    }

    /// The number that a field has in all its buckets, where that is known without looking at each.
    package func constant(_ field: RollupSegment.Field) throws(ArchiveError) -> Double? {
      guard case .stored(let segment, _) = self else { return nil }
      do throws(ChunkFault) {
        return try segment.constant(field)
      } catch {
        throw .damaged(error)
      }
    }
  }

  /// In order of time.
  package internal(set) var parts: [Part] = []
  /// Where the rest begins, if this is not all of the range.
  package internal(set) var resumeTime: Int64?
}

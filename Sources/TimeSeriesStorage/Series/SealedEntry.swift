/// What lies in a series before its open block.
enum SealedContent {
  case chunk(Chunk)
  /// A late reading came: a chunk was decoded for it, or it began a block of its own.
  case block(Block)

  var count: Int {
    switch self {
    case .chunk(let chunk): chunk.count
    case .block(let block): block.count
    }
  }

  var lastTime: Int64 {
    switch self {
    case .chunk(let chunk): chunk.lastTime
    case .block(let block): block.lastTime
    }
  }

  var byteSize: Int {
    switch self {
    case .chunk(let chunk): chunk.byteSize
    case .block(let block): block.byteSize
    }
  }
}

/// A chunk or block with what its series keeps account of.
struct SealedEntry {
  var firstTime: Int64
  var content: SealedContent
  /// Which change of the series was its last, as `Series.nextChange()` numbers them; 0: all it holds is persisted.
  var change: UInt32
  /// A block's place in the shard's `UnsealedBlocks`, nil where it has none.
  var place: UnsealedBlocks.Place?

  static let none = SealedEntry(firstTime: .min, content: .block(.none), change: 0, place: nil)

  var isPersisted: Bool { change == 0 }
  var unpersistedBytes: Int { isPersisted ? 0 : content.byteSize }
}

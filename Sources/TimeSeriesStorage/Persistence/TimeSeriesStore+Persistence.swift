import Synchronization

extension TimeSeriesStore {
  /// What is not persisted of the series from `cursor` on, until it takes about `maximumBytes` of memory; at least one
  /// series where there is any.
  ///
  /// The locks are held for the copying of references; chunks are made outside of them. A walk from `.start` until `next`
  /// is nil takes everything that was there when it began.
  ///
  /// - Parameter isSealedOnly: leaves out series of which only the open block is new. Of the others all is taken: what the
  ///   archive has may begin in one chunk and end in the next.
  package func unpersistedSeries(
    after cursor: PersistenceCursor = .start, maximumBytes: Int, isSealedOnly: Bool = false
  ) -> UnpersistedBatch {
    precondition(maximumBytes > 0, "BUG: a batch for nothing")
    var batch = UnpersistedBatch(series: [])
    var cursor = cursor
    var bytes = 0
    while cursor.shard < shards.count {
      let (references, next) = shards[cursor.shard].shard.withLock {
        [cursor, bytes] in
        $0.unpersisted(from: cursor.number, maximumBytes: maximumBytes - bytes, isSealedOnly: isSealedOnly)
      }
      for series in references {
        bytes += series.bytes
        batch.series.append(UnpersistedSeries(series, shard: cursor.shard))
      }
      if let next {
        batch.next = PersistenceCursor(shard: cursor.shard, number: next)
        return batch
      }
      cursor = PersistenceCursor(shard: cursor.shard + 1, number: 0)
    }
    return batch
  }

  /// Marks as persisted what was taken, where nothing came to it since, and frees the overlay taken.
  package func didPersist(_ token: PersistenceToken) {
    let box = shards[ShardNumbering.shard(of: token.series.rawValue)]
    change(box) { $0.didPersist(token, series: ShardNumbering.number(of: token.series.rawValue)) }
  }
}

extension Shard {
  fileprivate func unpersisted(
    from start: Int, maximumBytes: Int, isSealedOnly: Bool
  ) -> (references: [UnpersistedReferences], next: Int?) {
    var all: [UnpersistedReferences] = []
    var bytes = 0
    for number in start..<max(start, series.count) where series[number].unpersistedBytes > 0 {
      guard bytes < maximumBytes else { return (all, number) }
      if isSealedOnly, !series[number].hasUnpersistedChunks { continue }
      var references = UnpersistedReferences(
        number: number, device: devices[Int(series[number].device)].name.text, metric: series[number].metric.text,
        received: series[number].received, bytes: series[number].unpersistedBytes)
      series[number].addUnpersisted(to: &references)
      bytes += references.bytes
      all.append(references)
    }
    return (all, nil)
  }

  fileprivate mutating func didPersist(_ token: PersistenceToken, series number: Int) {
    guard number < series.count else { return }
    var editor = BlockEditor()
    let freed = series[number].didPersist(token, editor: &editor, unsealed: &unsealed)
    counters.readingsStored -= freed
    counters.evicted += freed
    book(editor, series: number)
  }
}

extension UnpersistedSeries {
  fileprivate init(_ references: UnpersistedReferences, shard: Int) {
    let id = SeriesID(rawValue: ShardNumbering.id(shard: shard, number: references.number))
    var token = PersistenceToken(series: id)
    let chunks = Self.chunks(references.parts, &token.entries)
    let overlay = Self.chunks(references.overlay, &token.overlay)
    self.init(
      series: id, device: references.device, metric: references.metric, received: references.received, chunks: chunks,
      overlay: overlay, token: token)
  }

  private static func chunks(
    _ parts: [UnpersistedReferences.Part], _ taken: inout [PersistenceToken.Taken]
  ) -> [ArchivedChunk] {
    parts.map { part in
      var entry = part.taken
      let chunk: Chunk
      switch part.content {
      case .chunk(let held):
        chunk = held
      case .block(let block):
        chunk = Chunk.encode(block, 0..<part.taken.count)
        entry.encoded = chunk
      }
      taken.append(entry)
      return ArchivedChunk(chunk)
    }
  }
}

import Synchronization
import TimeSeriesStorage

/// Connections that read, each lent to one thread at a time: queries do not wait for one another, nor for the writer.
final class ReaderPool: Sendable {
  /// A connection with its statements.
  ///
  /// `@unchecked`: the pool lends it to one thread at a time.
  final class Reader: @unchecked Sendable {
    let chunks: ChunkReader
    let rollups: RollupReader

    fileprivate init(_ connection: SQLiteConnection) throws(SQLiteError) {
      chunks = try ChunkReader(connection)
      rollups = try RollupReader(connection)
    }

    fileprivate var damagedRows: Int { chunks.damagedRows + rollups.damagedRows }
  }

  /// Those that are kept; more are opened and closed again where more threads read at once.
  private static let kept = 4

  private let path: String
  private let vfs: String?
  private let idle = Mutex<[Reader]>([])
  private let damaged = Atomic<Int>(0)

  init(path: String, vfs: String?) {
    self.path = path
    self.vfs = vfs
  }

  /// Rows that were left out because their content is not what was written.
  var damagedRows: Int { damaged.load(ordering: .relaxed) }

  func read<Result>(_ body: (Reader) throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
    let reader: Reader
    if let waiting = idle.withLock({ $0.popLast() }) {
      reader = waiting
    } else {
      let connection = try SQLiteConnection(path: path, mode: .readOnly, vfs: vfs)
      try Schema.configureReader(connection)
      reader = try Reader(connection)
    }
    let before = reader.damagedRows
    let result = try body(reader)
    damaged.add(reader.damagedRows - before, ordering: .relaxed)
    idle.withLock { if $0.count < Self.kept { $0.append(reader) } }
    return result
  }

  func close() { idle.withLock { $0.removeAll() } }
}

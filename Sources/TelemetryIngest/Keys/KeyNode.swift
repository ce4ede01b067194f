import TimeSeriesStorage

/// One key that a device uses, at its place among the keys around it.
struct KeyNode {
  /// What the value under a key is for.
  enum Role: UInt8 {
    case metric
    /// `ts` of a message.
    case timestamp
    /// `values` of a message: an envelope, where it is an object.
    case values
    /// `boot` of a message: part of an envelope, else a metric.
    case boot
    /// `seq` of a message: part of an envelope, else a metric.
    case sequence
  }

  /// What is known of the series under a key.
  enum State: UInt8 {
    /// Not yet asked for: the first well-formed message does.
    case unresolved
    case resolved
    /// The store has no place for it.
    case refused
    /// The path makes no metric name.
    case invalid
  }

  static let root: Int32 = 0
  /// Above the keys that came as topic levels.
  static let topic: Int32 = 1
  static let none: Int32 = -1

  var parent: Int32
  /// The node that came after this one last time: the first to be compared with next time.
  var successor = KeyNode.none
  /// The node that was first with the same metric: it alone keeps `message` and `staged`.
  var canonical: Int32
  var keyOffset: UInt32
  var pathOffset: UInt32
  /// The array index that the key is, -1 where none was met.
  var arrayIndex: Int32 = -1
  /// Where this message's reading of the metric is staged, if `message` says so.
  var staged: Int32 = 0
  var message: UInt64 = 0
  var series = SeriesID(rawValue: StagedReadings.unresolved)
  var keyLength: UInt8
  var pathLength: UInt8
  var role: Role
  var state: State
  /// The key holds no byte that would be escaped in JSON: it can be compared with the text as it stands.
  var isPlain: Bool
}

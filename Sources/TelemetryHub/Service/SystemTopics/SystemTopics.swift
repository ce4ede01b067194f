/// What is to be published under `$SYS`, from one look at the hub to the next. Pure: the time is a parameter.
struct SystemTopics: Sendable {
  /// Milliseconds from one refresh to the next.
  static let interval: Int64 = 10_000

  private let version: String
  private var load: SystemLoad
  private var published: [String: String] = [:]
  private var lastRefresh: Int64?
  private var wasWatched = false

  init(version: String, startedAt time: Int64) {
    self.version = version
    load = SystemLoad(startedAt: time)
  }

  /// Whether values are to be refreshed now: every ten seconds, and once as soon as somebody begins to watch.
  mutating func isDue(isWatched: Bool, at time: Int64) -> Bool {
    defer { wasWatched = isWatched }
    guard let lastRefresh, time - lastRefresh < Self.interval else { return true }
    return isWatched && !wasWatched
  }

  /// The values that differ from those of the last refresh; all of them the first time.
  mutating func refresh(_ snapshot: SystemSnapshot, at time: Int64) -> [SystemValue] {
    lastRefresh = time
    load.update(snapshot, at: time)
    return SystemTree.values(version: version, snapshot, load).filter { value in
      published.updateValue(value.payload, forKey: value.topic) != value.payload
    }
  }
}

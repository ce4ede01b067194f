/// Values by topic level, in the order of the levels' bytes.
///
/// A value itself, in short runs: a change copies one run and the list of runs at most, and whoever holds the old map
/// keeps it. A place in the order stays right whatever comes and goes beside it.
struct LevelMap<Value: Sendable>: Sendable {
  struct Element: Sendable {
    let level: TopicLevel
    var value: Value
  }

  /// Where a walk through the order stands.
  struct Position {
    fileprivate var run: Int
    fileprivate var offset: Int
  }

  /// None is empty, and two neighbours have more than half a run together.
  private var runs: [[Element]] = []

  static var maximumRun: Int { 128 }

  var isEmpty: Bool { runs.isEmpty }
  var runCount: Int { runs.count }

  subscript(level: TopicLevel) -> Value? {
    let (position, isFound) = find(level)
    return isFound ? runs[position.run][position.offset].value : nil
  }

  /// The element at a position; nil past the last.
  subscript(position: Position) -> Element? {
    position.run < runs.count ? runs[position.run][position.offset] : nil
  }

  /// The first position, or the one behind a level, whether or not that is there.
  func position(after level: TopicLevel? = nil) -> Position {
    guard let level else { return Position(run: 0, offset: 0) }
    let (position, isFound) = find(level)
    guard !isFound else { return self.position(after: position) }
    return normalised(position)
  }

  func position(after position: Position) -> Position {
    normalised(Position(run: position.run, offset: position.offset + 1))
  }

  private func normalised(_ position: Position) -> Position {
    guard position.run < runs.count, position.offset >= runs[position.run].count else { return position }
    return Position(run: position.run + 1, offset: 0)
  }

  /// Changes the value of a level in place, a new one starting from `initial`; it goes where `change` says false.
  mutating func update(_ level: TopicLevel, initial: @autoclosure () -> Value, _ change: (inout Value) -> Bool) {
    var (position, isFound) = find(level)
    if !isFound { position = insert(Element(level: level, value: initial()), at: position) }
    if !change(&runs[position.run][position.offset].value) { remove(at: position) }
  }

  /// Where the level is, or would be put in.
  private func find(_ level: TopicLevel) -> (Position, isFound: Bool) {
    // The last run that does not begin behind it.
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle][0].level.order(relativeTo: level) <= 0 { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return (Position(run: 0, offset: 0), false) }
    let run = low - 1
    (low, high) = (0, runs[run].count)
    while low < high {
      let middle = (low + high) / 2
      let order = runs[run][middle].level.order(relativeTo: level)
      if order == 0 { return (Position(run: run, offset: middle), true) }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return (Position(run: run, offset: low), false)
  }

  private mutating func insert(_ element: Element, at position: Position) -> Position {
    guard !runs.isEmpty else {
      runs = [[element]]
      return position
    }
    runs[position.run].insert(element, at: position.offset)
    guard runs[position.run].count > Self.maximumRun else { return position }
    let half = Self.maximumRun / 2
    let tail = Array(runs[position.run][half...])
    runs[position.run].removeSubrange(half...)
    runs.insert(tail, at: position.run + 1)
    return position.offset < half ? position : Position(run: position.run + 1, offset: position.offset - half)
  }

  private mutating func remove(at position: Position) {
    let run = position.run
    runs[run].remove(at: position.offset)
    if runs[run].isEmpty {
      runs.remove(at: run)
      // What was on both sides of it may be little.
      mergeIfSmall(run - 1)
    } else {
      mergeIfSmall(run)
      mergeIfSmall(run - 1)
    }
  }

  /// Puts a run and the next one together where half a run holds both.
  private mutating func mergeIfSmall(_ run: Int) {
    guard run >= 0, run + 1 < runs.count, runs[run].count + runs[run + 1].count <= Self.maximumRun / 2 else { return }
    runs[run] = runs[run] + runs[run + 1]
    runs.remove(at: run + 1)
  }
}

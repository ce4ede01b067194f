extension Series {
  /// The first time at `time` or after that no reading of the series has.
  ///
  /// A flood of readings without a time of their own runs ahead of the clock; the run remembers how far.
  mutating func uniqueTime(from time: Int64) -> Int64 {
    var start = time
    var candidate = time
    if let run = assignedRun, run.contains(time) {
      guard run.upperBound < .max else { return time }
      start = run.lowerBound
      candidate = run.upperBound + 1
    }
    guard let free = freeTime(from: candidate) else { return time }
    assignedRun = start...free
    return free
  }

  /// nil: every later millisecond is taken.
  private func freeTime(from time: Int64) -> Int64? {
    guard !isEmpty, time <= lastTime else { return time }
    var candidate = time
    var index = time >= open.firstTime ? sealed.count : sealed.index(beginningBy: time)
    guard index >= 0 else { return time }
    while index <= sealed.count {
      let block = index == sealed.count ? open : sealed[index]
      let count = index == sealed.count ? Int(openCount) : block.count
      let position = block.position(notBefore: candidate, end: count)
      guard position < count else {
        index += 1
        continue
      }
      guard block.time(at: position) == candidate else { return candidate }
      let end = block.endOfRun(from: position, end: count)
      let last = block.time(at: end - 1)
      guard last < .max else { return nil }
      candidate = last + 1
      if end < count { return candidate }
      index += 1
    }
    return candidate
  }
}

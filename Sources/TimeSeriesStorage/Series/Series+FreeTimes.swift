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

  /// nil: every later millisecond is taken. What only the archive holds is not looked at: the time of receipt falls there
  /// only where a series has readings of the future.
  private func freeTime(from time: Int64) -> Int64? {
    guard hasReadings, time <= lastTime else { return time }
    var candidate: Int64? = time
    if time < residentFrom {
      candidate = overlay.freeTime(from: time)
      guard let found = candidate, found >= residentFrom else { return candidate }
    }
    if let from = candidate, !isInOpen(from) { candidate = sealed.freeTime(from: from) }
    guard let from = candidate, isInOpen(from) else { return candidate }
    return open.freeTime(from: from, end: Int(openCount))
  }
}

extension SealedList {
  /// The first time at `time` or after that no reading here has; nil: every later millisecond is taken.
  func freeTime(from time: Int64) -> Int64? {
    var candidate = time
    var index = max(0, index(beginningBy: time))
    while index < count, firstTime(at: index) <= candidate {
      let content = self[index].content
      if content.lastTime >= candidate {
        guard let free = content.freeTime(from: candidate) else { return nil }
        candidate = free
        if free <= content.lastTime { return free }
      }
      index += 1
    }
    return candidate
  }
}

extension SealedContent {
  fileprivate func freeTime(from time: Int64) -> Int64? {
    switch self {
    case .block(let block):
      return block.freeTime(from: time, end: block.count)
    case .chunk(let chunk):
      // A flood takes every millisecond; that needs no decoding to see.
      if chunk.lastTime &- chunk.firstTime == Int64(chunk.count - 1) {
        return chunk.lastTime < .max ? chunk.lastTime + 1 : nil
      }
      return chunk.decodeOwn().freeTime(from: time, end: chunk.count)
    }
  }
}

extension Block {
  fileprivate func freeTime(from time: Int64, end: Int) -> Int64? {
    let position = position(notBefore: time, end: end)
    guard position < end, self.time(at: position) == time else { return time }
    let last = self.time(at: endOfRun(from: position, end: end) - 1)
    return last < .max ? last + 1 : nil
  }
}

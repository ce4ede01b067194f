extension Series {
  /// The readings in `range`, in whole blocks until there are `maximumReadings`.
  func snapshot(_ range: Range<Int64>, maximumReadings: Int) -> SeriesSnapshot {
    var snapshot = SeriesSnapshot()
    guard !range.isEmpty, !isEmpty else { return snapshot }
    var index = max(0, sealed.index(beginningBy: range.lowerBound))
    while index < sealed.count, sealed.firstTime(at: index) < range.upperBound {
      guard snapshot.count < maximumReadings else {
        snapshot.resumeTime = max(range.lowerBound, sealed.firstTime(at: index))
        return snapshot
      }
      snapshot.add(sealed[index], end: sealed[index].count, range: range)
      index += 1
    }
    guard lastTime >= range.lowerBound, open.firstTime < range.upperBound else { return snapshot }
    if snapshot.count < maximumReadings {
      snapshot.add(open, end: Int(openCount), range: range)
    } else {
      snapshot.resumeTime = max(range.lowerBound, open.firstTime)
    }
    return snapshot
  }
}

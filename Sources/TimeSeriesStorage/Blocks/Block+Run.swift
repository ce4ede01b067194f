extension Block {
  /// The end of the run of consecutive milliseconds that begins at `position`.
  func endOfRun(from position: Int, end: Int) -> Int {
    let start = times[position]
    var low = position + 1
    var high = end
    while low < high {
      let middle = (low + high) / 2
      // Times rise by at least one a position, so they keep step exactly as far as the run goes.
      if times[middle] &- start == Int64(middle - position) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

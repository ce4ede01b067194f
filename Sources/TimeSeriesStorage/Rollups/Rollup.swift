/// What a bucket of time says of its readings.
package struct Rollup: Sendable, Equatable {
  /// Of the bucket, Unix milliseconds.
  package var start: Int64
  /// Readings.
  package var count: Int
  /// Numbers and booleans among them; booleans count as 0 and 1 in what follows.
  package var numbers: Int
  /// Nil where there is none but NaN.
  package var minimum: Double?
  package var maximum: Double?
  package var sum: Double
  /// The newest reading's.
  package var last: Value

  package init(
    start: Int64, count: Int, numbers: Int, minimum: Double?, maximum: Double?, sum: Double, last: Value
  ) {
    self.start = start
    self.count = count
    self.numbers = numbers
    self.minimum = minimum
    self.maximum = maximum
    self.sum = sum
    self.last = last
  }
}

extension Rollup {
  /// The buckets of both. Of two of the same time that of more readings: the other was made when some of them were gone, or
  /// had not come. Of two with as many the computed one: readings took the place of others.
  package static func merged(stored: [Rollup], computed: [Rollup]) -> [Rollup] {
    var merged: [Rollup] = []
    merged.reserveCapacity(stored.count + computed.count)
    var next = 0
    for rollup in stored {
      while next < computed.count, computed[next].start < rollup.start {
        merged.append(computed[next])
        next += 1
      }
      if next < computed.count, computed[next].start == rollup.start {
        merged.append(computed[next].count >= rollup.count ? computed[next] : rollup)
        next += 1
      } else {
        merged.append(rollup)
      }
    }
    merged.append(contentsOf: computed[next...])
    return merged
  }
}

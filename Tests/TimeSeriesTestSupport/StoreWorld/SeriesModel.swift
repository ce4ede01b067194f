import TimeSeriesStorage

/// What a series must hold: a sorted list, and which of it may have gone.
struct SeriesModel {
  private struct Entry {
    var reading: Reading
    /// It may be there, or have been evicted or removed from the archive.
    var isDoubtful = false
  }

  /// In order of time.
  private var entries: [Entry] = []
  /// The newest there ever was.
  private(set) var newest: Reading?
  /// Whether the store may have forgotten the newest: it was removed from the archive, and memory was lost since.
  private var isNewestDoubtful = false

  mutating func add(_ reading: Reading) {
    let place = position(notBefore: reading.time)
    if place < entries.count, entries[place].reading.time == reading.time {
      entries[place] = Entry(reading: reading)
    } else {
      entries.insert(Entry(reading: reading), at: place)
    }
    if reading.time >= newest?.time ?? .min { newest = reading }
  }

  func has(_ time: Int64) -> Bool { entry(at: time) != nil }

  func anyTime(_ random: inout SeededGenerator) -> Int64? { entries.randomElement(using: &random)?.reading.time }

  mutating func doubt(_ times: ClosedRange<Int64>) {
    var place = position(notBefore: times.lowerBound)
    while place < entries.count, entries[place].reading.time <= times.upperBound {
      entries[place].isDoubtful = true
      place += 1
    }
  }

  mutating func doubtAll() { doubt(.min ... .max) }

  /// Memory is lost: a newest reading that is doubtful may be forgotten.
  mutating func restart() {
    guard let time = newest?.time, entry(at: time)?.isDoubtful == true else { return }
    isNewestDoubtful = true
    newest = entries.last { !$0.isDoubtful }?.reading
  }

  private func entry(at time: Int64) -> Entry? {
    let place = position(notBefore: time)
    return place < entries.count && entries[place].reading.time == time ? entries[place] : nil
  }

  private func position(notBefore time: Int64) -> Int {
    var low = 0
    var high = entries.count
    if let last = entries.last, last.reading.time < time { return high }
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].reading.time < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Questions

  /// What is wrong with what was read of `range`, all of it in order; nil where nothing is.
  func problem(with found: [Reading], in range: Range<Int64>) -> String? {
    var place = position(notBefore: range.lowerBound)
    for reading in found {
      while place < entries.count, entries[place].reading.time < reading.time {
        guard entries[place].isDoubtful else { return "\(entries[place].reading) is missing before \(reading)" }
        place += 1
      }
      guard place < entries.count, entries[place].reading.isSame(as: reading), range.contains(reading.time) else {
        return "\(reading) is not expected there: \(String(describing: entry(at: reading.time)))"
      }
      place += 1
    }
    let rest = entries[place...].first { !$0.isDoubtful || $0.reading.time >= range.upperBound }
    guard let rest, rest.reading.time < range.upperBound else { return nil }
    return "\(rest.reading) is missing, and what follows"
  }

  func problem(withLatest found: Reading?) -> String? {
    let isRight =
      switch (found, newest) {
      case (nil, nil): true
      case (let found?, let newest?) where found.isSame(as: newest): true
      case (let found?, _) where isNewestDoubtful:
        found.time >= newest?.time ?? .min && entry(at: found.time)?.reading.isSame(as: found) == true
      default: false
      }
    return isRight ? nil : "the latest is \(String(describing: found)), not \(String(describing: newest))"
  }
}

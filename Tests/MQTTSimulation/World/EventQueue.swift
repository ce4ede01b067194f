/// What is going to happen, by time; at one time in the order in which it was planned.
struct EventQueue {
  private struct Entry {
    let time: Int64
    let order: Int
    let event: WorldEvent

    func isBefore(_ other: Entry) -> Bool { time != other.time ? time < other.time : order < other.order }
  }

  // A binary heap.
  private var entries: [Entry] = []
  private var planned = 0

  var isEmpty: Bool { entries.isEmpty }

  mutating func plan(_ event: WorldEvent, at time: Int64) {
    planned += 1
    entries.append(Entry(time: time, order: planned, event: event))
    var place = entries.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard entries[place].isBefore(entries[parent]) else { break }
      entries.swapAt(place, parent)
      place = parent
    }
  }

  mutating func next() -> (time: Int64, event: WorldEvent)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      var place = 0
      while true {
        var least = place
        for child in [2 * place + 1, 2 * place + 2] where child < entries.count {
          if entries[child].isBefore(entries[least]) { least = child }
        }
        guard least != place else { break }
        entries.swapAt(place, least)
        place = least
      }
    }
    return (first.time, first.event)
  }
}

/// Commands by the time they are given up, earliest first: a binary heap.
///
/// An entry may be early, since a deadline only ever moves later; whoever takes it out looks at the command.
struct DeadlineHeap {
  struct Entry {
    var time: Int64
    var id: String
  }

  private(set) var entries: [Entry] = []

  init() {}

  init(_ unordered: [Entry]) {
    // A sorted array is a heap.
    entries = unordered.sorted { $0.time < $1.time }
  }

  var earliest: Entry? { entries.first }

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].time < entries[parent].time else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  mutating func removeEarliest() -> Entry? {
    guard let last = entries.popLast() else { return nil }
    guard let first = entries.first else { return last }
    entries[0] = last
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < entries.count else { return first }
      let right = left + 1
      let least = right < entries.count && entries[right].time < entries[left].time ? right : left
      guard entries[least].time < entries[parent].time else { return first }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}

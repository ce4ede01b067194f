/// A binary heap of small integers by key, the least key first, that can change the key of any of them in O(log n).
struct IndexedHeap {
  private struct Entry {
    var key: Int64
    var item: UInt32
  }

  private var entries: [Entry] = []
  /// Where each item is in `entries`; -1: nowhere.
  private var positions: [Int32] = []

  /// The item with the least key.
  var first: (item: Int, key: Int64)? {
    entries.first.map { (item: Int($0.item), key: $0.key) }
  }

  /// Puts an item in or changes its key; nil takes it out.
  mutating func set(_ item: Int, key: Int64?) {
    if let key {
      while positions.count <= item { positions.append(-1) }
      let position = Int(positions[item])
      if position < 0 {
        entries.append(Entry(key: key, item: UInt32(item)))
        rise(from: entries.count - 1)
      } else if entries[position].key != key {
        let rises = key < entries[position].key
        entries[position].key = key
        if rises { rise(from: position) } else { sink(from: position) }
      }
    } else if item < positions.count, positions[item] >= 0 {
      remove(at: Int(positions[item]))
    }
  }

  private mutating func remove(at position: Int) {
    positions[Int(entries[position].item)] = -1
    let last = entries.removeLast()
    guard position < entries.count else { return }
    entries[position] = last
    positions[Int(last.item)] = Int32(position)
    rise(from: position)
    sink(from: position)
  }

  private mutating func rise(from start: Int) {
    var position = start
    let entry = entries[position]
    while position > 0 {
      let parent = (position - 1) / 2
      guard entry.key < entries[parent].key else { break }
      place(entries[parent], at: position)
      position = parent
    }
    place(entry, at: position)
  }

  private mutating func sink(from start: Int) {
    var position = start
    let entry = entries[position]
    while true {
      var child = position * 2 + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1].key < entries[child].key { child += 1 }
      guard entries[child].key < entry.key else { break }
      place(entries[child], at: position)
      position = child
    }
    place(entry, at: position)
  }

  private mutating func place(_ entry: Entry, at position: Int) {
    entries[position] = entry
    positions[Int(entry.item)] = Int32(position)
  }
}

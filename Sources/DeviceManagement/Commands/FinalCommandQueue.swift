/// Final commands in the order they ended, oldest first; those already forgotten are skipped.
struct FinalCommandQueue {
  private var ids: [String] = []
  private var head = 0

  mutating func append(_ id: String) { ids.append(id) }

  /// Takes out the oldest identifier that `isWanted`; those before it are dropped.
  mutating func oldest(where isWanted: (String) -> Bool) -> String? {
    while head < ids.count {
      let id = ids[head]
      head += 1
      if isWanted(id) {
        compactIfHalfEmpty()
        return id
      }
    }
    ids.removeAll()
    head = 0
    return nil
  }

  /// Drops what is no longer held once that could be most of the queue.
  mutating func compact(expected: Int, isHeld: (String) -> Bool) {
    guard ids.count - head > 2 * expected + 64 else { return }
    ids = ids[head...].filter(isHeld)
    head = 0
  }

  private mutating func compactIfHalfEmpty() {
    guard head > 64, head > ids.count / 2 else { return }
    ids.removeFirst(head)
    head = 0
  }
}

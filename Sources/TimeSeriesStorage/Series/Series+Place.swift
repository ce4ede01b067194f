extension Series {
  /// Puts a reading where its time says; a text's reference goes to the series.
  mutating func place(_ reading: StoredReading, editor: inout BlockEditor) -> Placement {
    synchronizeOpen()
    if isEmpty || reading.time > lastTime {
      append(reading, editor: &editor)
      return .appended
    }
    return isInOpen(reading.time)
      ? placeInOpen(reading, editor: &editor) : placeInSealed(reading, editor: &editor)
  }

  private mutating func append(_ reading: StoredReading, editor: inout BlockEditor) {
    if openCount == Block.maximumCapacity {
      sealOpen()
      // A busy series: its next block starts a quarter full size rather than from the least.
      let block = editor.makeBlock(reading, capacity: Block.maximumCapacity / 4)
      updateOpen { $0 = block }
    } else {
      updateOpen { editor.append(reading, to: &$0) }
    }
  }

  private mutating func placeInOpen(_ reading: StoredReading, editor: inout BlockEditor) -> Placement {
    let place = searchOpen(reading.time)
    if place.isFound {
      updateOpen { editor.replace(reading, in: &$0, at: place.position) }
      return .replaced(newest: reading.time == lastTime)
    }
    if place.isFull {
      let later = updateOpen { editor.splitHalf(of: &$0) }
      sealOpen()
      updateOpen { $0 = later }
      return self.place(reading, editor: &editor)
    }
    updateOpen { editor.insert(reading, into: &$0, at: place.position) }
    return .inserted
  }

  private mutating func placeInSealed(_ reading: StoredReading, editor: inout BlockEditor) -> Placement {
    let index = sealed.index(beginningBy: reading.time)
    if index >= 0 {
      let place = sealed.search(reading.time, at: index)
      if place.isFound {
        sealed.update(at: index) { editor.replace(reading, in: &$0, at: place.position) }
        return .replaced(newest: false)
      }
      if !place.isFull {
        sealed.update(at: index) { editor.insert(reading, into: &$0, at: place.position) }
        sealedReadings += 1
        return .inserted
      }
      if !place.isBehindAll {
        let later = sealed.update(at: index) { editor.splitHalf(of: &$0) }
        sealed.insert(later, at: index + 1)
        return placeInSealed(reading, editor: &editor)
      }
    }
    placeBetween(reading, before: index + 1, editor: &editor)
    return .inserted
  }

  /// Puts a reading between two blocks, of which the former is full or missing.
  private mutating func placeBetween(_ reading: StoredReading, before next: Int, editor: inout BlockEditor) {
    if next == sealed.count, openCount < Block.maximumCapacity {
      updateOpen { editor.insert(reading, into: &$0, at: 0) }
      return
    }
    sealedReadings += 1
    if next < sealed.count, !sealed.search(reading.time, at: next).isFull {
      sealed.update(at: next) { editor.insert(reading, into: &$0, at: 0) }
    } else {
      sealed.insert(editor.makeBlock(reading, capacity: Block.capacity(after: 0)), at: next)
    }
  }
}

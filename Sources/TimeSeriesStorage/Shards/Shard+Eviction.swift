extension Shard {
  /// Frees a block of the device that holds most; says how many readings went, nil if nothing is left to free.
  ///
  /// The oldest sealed block of all its series goes first. A series' open block, with its newest readings, is made smaller
  /// only when no sealed block is left, and given up only when every one is as small as can be.
  mutating func evictOne() -> (readings: Int, bytes: Int)? {
    guard let device = byBytes.first?.item else { return nil }
    var editor = BlockEditor()
    let number: Int
    let readings: Int
    if let ordinal = devices[device].bySealedTime.first?.item {
      number = Int(devices[device].series[ordinal])
      readings = series[number].evictOldest(editor: &editor)
    } else if let ordinal = ordinalOfOpenBlock(ofDevice: device) {
      number = Int(devices[device].series[ordinal])
      readings =
        Int(series[number].openCapacity) > Block.capacity(after: 0)
        ? series[number].shrinkOpen(editor: &editor) : series[number].evictOpen(editor: &editor)
    } else {
      return nil
    }
    book(editor, series: number)
    counters.readingsStored -= readings
    counters.evicted += readings
    return (readings, -editor.bytes)
  }

  /// The next series, in turn, whose open block can be made smaller; else the next whose open block can be given up.
  private mutating func ordinalOfOpenBlock(ofDevice device: Int) -> Int? {
    let count = devices[device].series.count
    var smallest: Int?
    for step in 1...max(1, count) where count > 0 {
      let ordinal = (devices[device].shrinkHand + step) % count
      let capacity = Int(series[Int(devices[device].series[ordinal])].openCapacity)
      if capacity > Block.capacity(after: 0) {
        devices[device].shrinkHand = ordinal
        return ordinal
      }
      if capacity > 0, smallest == nil { smallest = ordinal }
    }
    if let smallest { devices[device].shrinkHand = smallest }
    return smallest
  }
}

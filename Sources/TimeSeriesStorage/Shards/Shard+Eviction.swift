extension Shard {
  /// Raw blocks that stay when memory is short: late readings may come to them again soon.
  static let keptUnsealedBlocks = 64

  /// Frees memory of the device that holds most; says how many readings went, nil if nothing is left to free.
  ///
  /// What has rested is made a chunk again first; then the open blocks, where they take more than half of the device's
  /// bytes; then the oldest sealed entry of all its series goes. A series' open block goes only when it is the last and as
  /// small as can be. With an archive, what is not persisted stays.
  mutating func evictOne() -> (readings: Int, bytes: Int)? {
    if unsealed.count > Self.keptUnsealedBlocks, let bytes = resealOne() { return (0, bytes) }
    guard let device = byBytes.first?.item else { return nil }
    let isMostlyOpen = devices[device].openBytes * 2 > devices[device].bytes
    if isMostlyOpen, let number = seriesToSealEarly(ofDevice: device) { return sealEarly(number) }
    var editor = BlockEditor()
    let number: Int
    let readings: Int
    if let ordinal = devices[device].bySealedTime.first?.item {
      number = Int(devices[device].series[ordinal])
      readings = series[number].evictOldest(isArchived: isArchived, editor: &editor, unsealed: &unsealed)
    } else if let found = seriesToSealEarly(ofDevice: device) {
      return sealEarly(found)
    } else if let found = seriesOfEvictableOpen(ofDevice: device) {
      number = found
      readings = series[number].evictOpen(isArchived: isArchived, editor: &editor)
    } else {
      preconditionFailure("BUG: a device with evictable series has none")
    }
    book(editor, series: number)
    counters.readingsStored -= readings
    counters.evicted += readings
    return (readings, -editor.bytes)
  }

  /// Makes a chunk of the raw block that has rested longest; says how many bytes that frees, nil if there is none.
  mutating func resealOne() -> Int? {
    guard let block = unsealed.longestRested() else { return nil }
    var editor = BlockEditor()
    series[Int(block.series)].reseal(at: block.time, editor: &editor, unsealed: &unsealed)
    book(editor, series: Int(block.series))
    return -editor.bytes
  }

  private mutating func sealEarly(_ number: Int) -> (readings: Int, bytes: Int) {
    var editor = BlockEditor()
    series[number].sealOpen(editor: &editor)
    book(editor, series: number)
    return (0, -editor.bytes)
  }

  /// The next series, in turn, whose open block is worth sealing early.
  private mutating func seriesToSealEarly(ofDevice device: Int) -> Int? {
    nextSeries(ofDevice: device) { $0.isOpenWorthSealing }
  }

  private mutating func seriesOfEvictableOpen(ofDevice device: Int) -> Int? {
    let isArchived = isArchived
    return nextSeries(ofDevice: device) { $0.isOpenEvictable(isArchived: isArchived) }
  }

  private mutating func nextSeries(ofDevice device: Int, _ isRight: (borrowing Series) -> Bool) -> Int? {
    let count = devices[device].series.count
    for step in 1...max(1, count) where count > 0 {
      let ordinal = (devices[device].evictionHand + step) % count
      let number = Int(devices[device].series[ordinal])
      guard isRight(series[number]) else { continue }
      devices[device].evictionHand = ordinal
      return number
    }
    return nil
  }
}

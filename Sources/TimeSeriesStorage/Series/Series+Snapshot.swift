/// What a series has in memory of a range, as references.
struct HeldReadings: Sendable {
  struct Part: Sendable {
    var firstTime: Int64
    var content: SealedContent
    /// Readings of it, as many as there were.
    var count: Int
  }

  var parts: [Part] = []
  var overlay: [Block] = []
  var residentFrom = Int64.min
  /// Where the rest begins, if there were too many.
  var resumeTime: Int64?
}

extension Series {
  /// What overlaps `range`, which is not empty, until the parts have `maximumReadings`.
  func held(in range: Range<Int64>, maximumReadings: Int) -> HeldReadings {
    var held = HeldReadings(residentFrom: residentFrom)
    if range.lowerBound < residentFrom { held.overlay = overlay.blocks(in: range) }
    var count = 0
    var index = max(0, sealed.index(beginningBy: range.lowerBound))
    while index < sealed.count, sealed.firstTime(at: index) < range.upperBound {
      let entry = sealed[index]
      index += 1
      guard entry.content.lastTime >= range.lowerBound else { continue }
      guard count < maximumReadings else {
        held.resumeTime = max(range.lowerBound, entry.firstTime)
        return held
      }
      held.parts.append(.init(firstTime: entry.firstTime, content: entry.content, count: entry.content.count))
      count += entry.content.count
    }
    guard openCount > 0, open.firstTime < range.upperBound, open.time(at: Int(openCount) - 1) >= range.lowerBound else {
      return held
    }
    if count < maximumReadings {
      held.parts.append(.init(firstTime: open.firstTime, content: .block(open), count: Int(openCount)))
    } else {
      held.resumeTime = max(range.lowerBound, open.firstTime)
    }
    return held
  }
}

extension SealedList {
  /// Its blocks that overlap `range`; of a list that has no chunks.
  fileprivate func blocks(in range: Range<Int64>) -> [Block] {
    var blocks: [Block] = []
    var index = max(0, index(beginningBy: range.lowerBound))
    while index < count, firstTime(at: index) < range.upperBound {
      if case .block(let block) = self[index].content { blocks.append(block) }
      index += 1
    }
    return blocks
  }
}

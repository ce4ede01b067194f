import TimeSeriesStorage

extension MessageDecoder {
  /// The value of `ts`: a number, a text, or null, which says nothing.
  mutating func decodeTimestamp() throws(DeadLetterReason) {
    switch try reader.next(.expectedValue) {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      setTime(MessageTime.milliseconds(try reader.number(isLong: true)))
    case UInt8(ascii: "\""):
      let position = reader.position
      let string = try reader.string()
      guard let time = milliseconds(of: string) else { throw .invalidTimestamp(atByte: position) }
      setTime(time)
    case UInt8(ascii: "n"):
      try reader.literal("null")
      tally.nulls += 1
    default:
      let position = reader.position
      try reader.skipValue()
      throw .invalidTimestamp(atByte: position)
    }
  }

  private func milliseconds(of string: JSONString) -> Int64? {
    guard string.isEscaped else {
      return RFC3339.milliseconds(UnsafeRawBufferPointer(start: reader.bytes + string.start, count: string.count))
    }
    let space = staged.pointee.textSpace(string.count)
    return RFC3339.milliseconds(UnsafeRawBufferPointer(start: space, count: reader.unescape(string, to: space)))
  }

  /// Gives the object its time, those readings that came before `ts` included.
  private mutating func setTime(_ milliseconds: Int64) {
    ownTime = milliseconds
    let isBelieved = isBelieved(milliseconds)
    time = isBelieved ? milliseconds : receivedAt
    assignsUniqueTime = !isBelieved
    staged.pointee.setTime(time, assignsUniqueTime: assignsUniqueTime, from: objectStart)
  }

  private func isBelieved(_ time: Int64) -> Bool {
    time >= staged.pointee.limits.earliestTime && time &- receivedAt <= staged.pointee.limits.maximumClockLead
  }

  /// At the object's end: a time too old drops its readings, a time that is not believed is noted for `redate`.
  @inline(__always)
  mutating func settleTime() {
    guard let ownTime else { return }
    if !isBelieved(ownTime) {
      tally.redated += 1
      staged.pointee.noteRedated(from: objectStart, time: ownTime)
    } else if ownTime < oldest {
      tally.tooOld += staged.pointee.count - objectStart
      staged.pointee.drop(objectStart..<staged.pointee.count)
    }
  }

  /// At the message's end: the newest of the times that are not believed becomes the time of receipt, and the others
  /// keep their distance from it.
  mutating func redate() {
    // A lone one has the time of receipt already.
    guard staged.pointee.redated.count > 1 else { return }
    // Times from before the clock was set and times ahead come from different clocks.
    let earliestTime = staged.pointee.limits.earliestTime
    let newestPast = staged.pointee.redated.lazy.map(\.time).filter { $0 < earliestTime }.max()
    let newestAhead = staged.pointee.redated.lazy.map(\.time).max()
    for object in staged.pointee.redated {
      guard let newest = object.time < earliestTime ? newestPast : newestAhead else { continue }
      let time = receivedAt &- (newest &- object.time)
      if time < oldest {
        tally.tooOld += object.end - object.start
        staged.pointee.drop(object.start..<object.end)
      } else {
        for index in object.start..<object.end { staged.pointee.readings[index].time = time }
      }
    }
  }
}

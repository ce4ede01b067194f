/// Topic matching as the specification words it (MQTT 5.0 §4.7), level by level.
enum PlainMatcher {
  private static let single = Array("+".utf8)
  private static let multi = Array("#".utf8)

  static func matches(filter: [UInt8], topic: [UInt8]) -> Bool {
    let filterLevels = levels(filter)
    if topic.first == UInt8(ascii: "$"), filterLevels[0] == multi || filterLevels[0] == single { return false }
    return matches(filterLevels[...], levels(topic)[...])
  }

  private static func matches(_ filter: ArraySlice<[UInt8]>, _ topic: ArraySlice<[UInt8]>) -> Bool {
    guard let first = filter.first else { return topic.isEmpty }
    if first == multi { return true }
    guard let level = topic.first else { return false }
    return (first == single || first == level) && matches(filter.dropFirst(), topic.dropFirst())
  }

  private static func levels(_ path: [UInt8]) -> [[UInt8]] {
    path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
  }
}

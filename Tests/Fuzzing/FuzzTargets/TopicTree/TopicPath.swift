import MQTTProtocol

/// Topics and filters from a few levels, so that they meet.
enum TopicPath {
  private static let names: [[UInt8]] = ["", "a", "b", "aa", "$", "$SYS", "$share", "é", "+a", "#a"].map {
    Array($0.utf8)
  }
  private static let wildcards = names + ["+", "+", "#"].map { Array($0.utf8) }

  /// A valid topic name; nil where the input spells none.
  static func topic(_ input: inout FuzzInput) -> [UInt8]? {
    let topic = path(&input, of: names)
    return TopicName.isValid(topic) ? topic : nil
  }

  /// A valid topic filter, not a shared one; nil where the input spells none.
  static func filter(_ input: inout FuzzInput) -> [UInt8]? {
    let filter = path(&input, of: wildcards)
    guard TopicFilter.isValid(filter), SharedSubscription(String(decoding: filter, as: UTF8.self)) == nil else {
      return nil
    }
    return filter
  }

  private static func path(_ input: inout FuzzInput, of levels: [[UInt8]]) -> [UInt8] {
    let count = 1 + input.choice(of: 5)
    var path: [UInt8] = []
    for index in 0..<count {
      if index > 0 { path.append(UInt8(ascii: "/")) }
      path += level(&input, of: levels)
    }
    return path
  }

  private static func level(_ input: inout FuzzInput, of levels: [[UInt8]]) -> [UInt8] {
    let byte = Int(input.byte())
    // Now and then one that nobody thought of.
    if byte >= 240 { return input.bytes(byte - 239) }
    return levels[byte % levels.count]
  }
}

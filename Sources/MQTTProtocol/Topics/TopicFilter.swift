/// Topic filters: what a client subscribes to (MQTT 5.0 §4.7, §4.8.2).
package enum TopicFilter {
  /// Whether `utf8` may be a topic filter, a shared one (`$share/group/filter`) included.
  ///
  /// 1 to 65,535 bytes of well-formed UTF-8 without U+0000; `+` fills its level [MQTT-4.7.1-2], `#` fills its level
  /// and is the last [MQTT-4.7.1-1].
  package static func isValid(_ utf8: UnsafeRawBufferPointer) -> Bool {
    guard utf8.count > 0, utf8.count <= MQTTLimits.maximumStringLength, UTF8Validation.isValid(utf8) else {
      return false
    }
    return hasValidForm(utf8)
  }

  package static func isValid(_ utf8: some Collection<UInt8>) -> Bool {
    ContiguousBytes.with(utf8) { isValid($0) }
  }

  package static func isValid(_ filter: String) -> Bool {
    ContiguousBytes.with(filter.utf8) { isValid($0) }
  }

  /// Whether a filter of valid UTF-8 is long enough, its wildcards stand right and its shared form is whole.
  static func hasValidForm(_ filter: UnsafeRawBufferPointer) -> Bool {
    guard filter.count > 0 else { return false }  // [MQTT-4.7.3-1]
    var isLevelStart = true
    for index in 0..<filter.count {
      let byte = filter[index]
      let isLast = index &+ 1 == filter.count
      if byte == UInt8(ascii: "#") {
        guard isLevelStart, isLast else { return false }
      } else if byte == UInt8(ascii: "+") {
        guard isLevelStart, isLast || filter[index &+ 1] == UInt8(ascii: "/") else { return false }
      }
      isLevelStart = byte == UInt8(ascii: "/")
    }
    return !isShared(filter) || sharedParts(filter) != nil
  }

  /// Whether `filter` asks for a shared subscription, well-formed or not.
  static func isShared(_ filter: UnsafeRawBufferPointer) -> Bool {
    filter.starts(with: SharedSubscription.prefix.utf8)
  }

  /// Where the group and the filter of a shared subscription lie; nil when there is none or it is not well-formed.
  static func sharedParts(_ filter: UnsafeRawBufferPointer) -> (group: Range<Int>, filter: Range<Int>)? {
    guard isShared(filter) else { return nil }
    let start = SharedSubscription.prefix.utf8.count
    guard let slash = filter[start...].firstIndex(of: UInt8(ascii: "/")) else { return nil }  // [MQTT-4.8.2-2]
    // The group has at least one character, none of them a wildcard [MQTT-4.8.2-1].
    guard slash > start, slash + 1 < filter.count else { return nil }
    guard !filter[start..<slash].contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") }) else {
      return nil
    }
    return (start..<slash, slash + 1..<filter.count)
  }
}

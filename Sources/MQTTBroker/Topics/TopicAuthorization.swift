/// Who may publish and subscribe what: the topic table of docs/topics.md. Pure.
package enum TopicAuthorization {
  /// Whether `principal` may publish on a topic of this meaning, by a message or by its will.
  package static func mayPublish(_ principal: Principal, _ meaning: TopicMeaning) -> Bool {
    switch meaning {
    case .ordinary:
      if case .device = principal { return false }
      return true
    case .unknownDeviceTopic, .serverTopic:
      return false
    case .device(let topic):
      switch principal {
      case .hub: return true
      case .anonymous: return topic.suffix.isPublishedByDevice || topic.suffix.isPublishedByOperator
      case .device(let name): return name == topic.device && topic.suffix.isPublishedByDevice
      case .operator: return topic.suffix.isPublishedByOperator
      }
    }
  }

  /// Whether `principal` may subscribe to a valid filter in which `me` was rewritten.
  package static func maySubscribe(_ principal: Principal, filter: [UInt8]) -> Bool {
    let levels = filter.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    switch principal {
    case .hub:
      return true
    case .device(let name):
      // A device reads its own topics by their names: no wildcard can then cover another's.
      guard case .device(let topic) = filter.withUnsafeBytes({ DeviceTopicParser.meaning(of: $0) }) else {
        return false
      }
      return topic.device == name && topic.suffix.isSubscribedByDevice
    case .anonymous, .operator:
      return couldMatchTopicTable(levels)
    }
  }

  /// False for a filter that stands wholly under `v1/devices/` and can match no topic of the table.
  private static func couldMatchTopicTable(_ levels: [ArraySlice<UInt8>]) -> Bool {
    guard levels.count > 2, levels[0].elementsEqual("v1".utf8), levels[1].elementsEqual("devices".utf8) else {
      return true
    }
    if levels[2].elementsEqual("#".utf8) { return true }
    if !levels[2].elementsEqual("+".utf8) {
      guard levels[2].withUnsafeBytes({ DeviceName.isValid($0) }) else { return false }
    }
    let rest = levels[3...]
    return tablePatterns.contains { couldMatch(rest, $0[...]) }
  }

  private static let tablePatterns: [[String]] = [
    ["telemetry"], ["telemetry", "#"], ["attributes"], ["status"], ["commands"], ["commands", "next"],
    ["commands", "next", "response"], ["commands", "send"], ["commands", "+", "result"], ["time"],
    ["time", "response"], ["desired"], ["reported"], ["presence"],
  ]

  /// Whether some topic matches both a filter's levels and a pattern's.
  private static func couldMatch(_ filter: ArraySlice<ArraySlice<UInt8>>, _ pattern: ArraySlice<String>) -> Bool {
    guard let level = filter.first else { return pattern.isEmpty || pattern.first == "#" }
    if level.elementsEqual("#".utf8) { return true }
    guard let expected = pattern.first else { return false }
    if expected == "#" { return true }
    // A `+` of the table stands for a name, which is never empty.
    let isName = expected == "+" && !level.isEmpty
    guard level.elementsEqual("+".utf8) || isName || level.elementsEqual(expected.utf8) else { return false }
    return couldMatch(filter.dropFirst(), pattern.dropFirst())
  }
}

/// `me` in topics and filters (docs/topics.md).
package enum MeTopic {
  private static let prefix = Array("v1/devices/me".utf8)

  /// Whether the third level of a topic or filter under `v1/devices/` is `me`.
  package static func isUsed(in topic: UnsafeRawBufferPointer) -> Bool {
    guard topic.count >= prefix.count, topic[10] == UInt8(ascii: "/"), topic.starts(with: prefix) else { return false }
    return topic.count == prefix.count || topic[prefix.count] == UInt8(ascii: "/")
  }

  /// The topic with `me` replaced by the device's name.
  package static func resolved(_ topic: UnsafeRawBufferPointer, device: String) -> [UInt8] {
    DeviceTopicParser.prefix + Array(device.utf8) + topic.dropFirst(prefix.count)
  }

  /// The topic as a client that subscribed by `me` sees it.
  package static func unresolved(_ topic: UnsafeRawBufferPointer) -> [UInt8] {
    let afterPrefix = topic.dropFirst(DeviceTopicParser.prefix.count)
    guard let slash = afterPrefix.firstIndex(of: UInt8(ascii: "/")) else { return prefix }
    return prefix + topic[slash...]
  }
}

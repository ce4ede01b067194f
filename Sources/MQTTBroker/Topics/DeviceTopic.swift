/// What a topic means to the hub.
package enum TopicMeaning: Equatable, Sendable {
  /// Not the hub's: brokered, not stored.
  case ordinary
  /// `v1/devices/{device}/…`, in the topic table.
  case device(DeviceTopic)
  /// Under `v1/devices/`, but not in the topic table: nobody may use it.
  case unknownDeviceTopic
  /// Begins with `$`: the server's own.
  case serverTopic
}

/// A topic of the hub's topic table (docs/topics.md).
package struct DeviceTopic: Equatable, Sendable {
  package let device: String
  package let suffix: DeviceTopicSuffix
}

/// What follows `v1/devices/{device}/`.
package enum DeviceTopicSuffix: Equatable, Sendable {
  case telemetry
  /// The levels after `telemetry/`, as they stand in the topic.
  case telemetryMetric([UInt8])
  case attributes
  case status
  case commands
  case commandsNext
  case commandsNextResponse
  case commandsSend
  /// The command's id.
  case commandResult(String)
  case time
  case timeResponse
  case desired
  case reported
  case presence

  /// Whether a device may publish it about itself.
  package var isPublishedByDevice: Bool {
    switch self {
    case .telemetry, .telemetryMetric, .attributes, .status, .commandsNext, .commandResult, .time, .reported: true
    case .commands, .commandsNextResponse, .commandsSend, .timeResponse, .desired, .presence: false
    }
  }

  /// Whether an operator may publish it.
  package var isPublishedByOperator: Bool { self == .commandsSend }

  /// Whether a device may subscribe to it for itself; operators may subscribe to every one.
  package var isSubscribedByDevice: Bool {
    switch self {
    case .commands, .commandsNextResponse, .timeResponse, .desired: true
    default: false
    }
  }
}

/// Reads the meaning of topics as bytes.
package enum DeviceTopicParser {
  /// Every device topic begins with it.
  package static let prefix = Array("v1/devices/".utf8)

  /// What a valid topic name means. `me` must have been rewritten before.
  package static func meaning(of topic: UnsafeRawBufferPointer) -> TopicMeaning {
    if topic.first == UInt8(ascii: "$") { return .serverTopic }
    guard topic.starts(with: prefix) else {
      // The parent levels belong to the tree too, so that nothing else is put there.
      let parents = topic.elementsEqual("v1/devices".utf8)
      return parents ? .unknownDeviceTopic : .ordinary
    }
    let rest = topic[prefix.count...]
    guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return .unknownDeviceTopic }
    let name = rest[rest.startIndex..<slash]
    guard DeviceName.isValid(UnsafeRawBufferPointer(rebasing: name)),
      let suffix = suffix(of: rest[(slash + 1)...])
    else { return .unknownDeviceTopic }
    return .device(DeviceTopic(device: String(decoding: name, as: UTF8.self), suffix: suffix))
  }

  private static func suffix(of bytes: Slice<UnsafeRawBufferPointer>) -> DeviceTopicSuffix? {
    for (text, suffix) in fixed where bytes.elementsEqual(text.utf8) { return suffix }
    if bytes.starts(with: "telemetry/".utf8) {
      let metric = bytes.dropFirst("telemetry/".utf8.count)
      return metric.isEmpty ? nil : .telemetryMetric(Array(metric))
    }
    let levels = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if levels.count == 3, levels[0].elementsEqual("commands".utf8), levels[2].elementsEqual("result".utf8),
      !levels[1].isEmpty
    {
      return .commandResult(String(decoding: levels[1], as: UTF8.self))
    }
    return nil
  }

  private static let fixed: [(StaticText, DeviceTopicSuffix)] = [
    ("telemetry", .telemetry), ("attributes", .attributes), ("status", .status), ("commands", .commands),
    ("commands/next", .commandsNext), ("commands/next/response", .commandsNextResponse),
    ("commands/send", .commandsSend), ("time", .time), ("time/response", .timeResponse), ("desired", .desired),
    ("reported", .reported), ("presence", .presence),
  ]

  private typealias StaticText = String
}

/// A device's name: 1 to 64 of `A-Z a-z 0-9 . _ : -`; `me`, `.` and `..` are reserved.
package enum DeviceName {
  package static let maximumBytes = 64

  package static func isValid(_ name: UnsafeRawBufferPointer) -> Bool {
    guard (1...maximumBytes).contains(name.count) else { return false }
    for byte in name {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
        UInt8(ascii: "-"):
        continue
      default: return false
      }
    }
    return !name.elementsEqual("me".utf8) && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
  }

  package static func isValid(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { isValid(UnsafeRawBufferPointer($0)) }
  }
}

/// The topic aliases that the hub set towards a client: its first topics get one each (MQTT 5.0 §3.3.2.3.4).
struct OutboundTopicAliases {
  private var numbers: [[UInt8]: UInt16] = [:]
  private var maximum: UInt16 = 0
  /// What the names count for in the total of all clients.
  private(set) var byteCount = 0

  init(maximum: UInt16 = 0) { self.maximum = maximum }

  var isEnabled: Bool { maximum > 0 }

  /// The alias of a topic; new where this message has to set it. nil: the topic goes by its name.
  func alias(of topic: [UInt8]) -> (number: UInt16, isNew: Bool)? {
    if let number = numbers[topic] { return (number, false) }
    guard numbers.count < Int(maximum) else { return nil }
    return (UInt16(numbers.count + 1), true)
  }

  /// The message that sets the alias was written.
  mutating func wasSet(_ number: UInt16, to topic: [UInt8]) {
    numbers[topic] = number
    byteCount += Self.bytes(of: topic)
  }

  static func bytes(of topic: [UInt8]) -> Int { topic.count + 64 }
}

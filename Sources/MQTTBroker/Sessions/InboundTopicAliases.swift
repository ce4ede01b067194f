/// The topic aliases that a client set on its connection (MQTT 5.0 §3.3.2.3.4).
struct InboundTopicAliases {
  struct Alias {
    /// As the client wrote it, `me` included.
    let name: [UInt8]
    /// nil where the topic is refused.
    let entry: TopicEntry?
    let mayPublish: Bool
  }

  private var aliases: [Alias?] = []
  /// What the names count for in the total of all clients.
  private(set) var byteCount = 0

  subscript(number: UInt16) -> Alias? {
    let index = Int(number) - 1
    return aliases.indices.contains(index) ? aliases[index] : nil
  }

  /// Sets or replaces an alias; `number` is 1 or more and within the limit, which the caller has checked.
  mutating func set(_ number: UInt16, to alias: Alias) {
    let index = Int(number) - 1
    while aliases.count <= index { aliases.append(nil) }
    byteCount += Self.bytes(of: alias) - (aliases[index].map(Self.bytes) ?? 0)
    aliases[index] = alias
  }

  static func bytes(of alias: Alias) -> Int { alias.name.count + 64 }
}

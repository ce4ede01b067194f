import MQTTProtocol

/// Every message that anyone gave the hub: nobody gets another.
struct PublishedMessages {
  struct Content: Hashable {
    /// `me` rewritten.
    let topic: [UInt8]
    let payload: [UInt8]
  }

  private var forms: [Content: [MessageForm]] = [:]

  mutating func add(_ content: Content, _ form: MessageForm) { forms[content, default: []].append(form) }

  func allows(_ content: Content, _ delivered: MessageForm, version: ProtocolVersion) -> Bool {
    forms[content]?.contains { $0.allows(delivered, version: version) } ?? false
  }
}

/// A shared subscription's two parts, `$share/group/filter` (MQTT 5.0 §4.8.2).
package struct SharedSubscription: Equatable, Sendable {
  /// What a topic filter begins with that asks for one.
  package static let prefix = "$share/"

  /// The Share Name: clients that name the same one share the messages.
  package let group: String
  /// The topic filter that topics are matched with.
  package let filter: String

  /// Parses a topic filter; nil when it does not ask for a shared subscription, or is not well-formed.
  package init?(_ topicFilter: String) {
    var topicFilter = topicFilter
    let parts = topicFilter.withUTF8 { utf8 -> (String, String)? in
      let bytes = UnsafeRawBufferPointer(utf8)
      guard TopicFilter.isValid(bytes), let parts = TopicFilter.sharedParts(bytes) else { return nil }
      return (String(decoding: bytes[parts.group], as: UTF8.self), String(decoding: bytes[parts.filter], as: UTF8.self))
    }
    guard let parts else { return nil }
    (group, filter) = parts
  }
}
